package dev.orderflow.inventory.persistence;

import dev.orderflow.contracts.value.Sku;
import dev.orderflow.inventory.stock.StockLevel;
import dev.orderflow.inventory.stock.StockQueries;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/// Reads stock and ledger by Spring Data JPA, and an audit by one SQL statement.
@Repository
@Transactional(readOnly = true)
class JpaStockQueries implements StockQueries {

    /// What the open reservations reserve of each article. Materialized and without a condition on
    /// articles, so that every plan reads the reservations once, not once for each article.
    private static final String HELD =
            """
            held AS MATERIALIZED (
                SELECT line.sku, sum(line.quantity) AS quantity
                FROM reservation JOIN reservation_line AS line USING (order_id)
                WHERE reservation.state = 'RESERVED'
                GROUP BY line.sku
            )
            """;

    private final StockRows stock;
    private final StockBalanceRows balances;
    private final StockLedgerRows entries;
    private final JdbcClient jdbc;

    JpaStockQueries(
            StockRows stock, StockBalanceRows balances, StockLedgerRows entries, JdbcClient jdbc) {
        this.stock = stock;
        this.balances = balances;
        this.entries = entries;
        this.jdbc = jdbc;
    }

    @Override
    public Optional<StockBalance> findBalance(Sku sku) {
        return balances.findBySku(sku.value()).map(StockBalanceRow::toBalance);
    }

    /// One statement, so that all values are of the same moment. Reads all entries of the articles
    /// of the page, and the open reservations.
    @Override
    public List<StockAudit> findAudits(Optional<Sku> after, int limit) {
        return jdbc.sql(
                        """
                        WITH page AS (
                            SELECT * FROM stock WHERE sku > :after ORDER BY sku LIMIT :limit
                        ),
                        """
                                + HELD
                                + """
                        SELECT page.sku, page.on_hand, page.reserved,
                               ledger.on_hand             AS ledger_on_hand,
                               ledger.reserved            AS ledger_reserved,
                               coalesce(held.quantity, 0) AS reserved_for_orders
                        FROM page
                        LEFT JOIN held USING (sku)
                        CROSS JOIN LATERAL (
                            SELECT coalesce(sum(on_hand_change), 0)  AS on_hand,
                                   coalesce(sum(reserved_change), 0) AS reserved
                            FROM stock_ledger WHERE stock_ledger.sku = page.sku) AS ledger
                        ORDER BY page.sku
                        """)
                .param("after", after.map(Sku::value).orElse(""))
                .param("limit", limit)
                .query((row, _) -> toAudit(row))
                .list();
    }

    /// One statement, so that all values are of the same moment. Reads the entries since that time,
    /// the last entry of each article among them, and the open reservations.
    @Override
    public List<StockAudit> findChangedAudits(
            Instant since, Collection<Sku> more, Optional<Sku> after, int limit) {
        return jdbc.sql(
                        """
                        WITH changed AS (
                            SELECT sku FROM stock_ledger WHERE recorded_at >= :since
                            UNION
                            SELECT unnest(:more::text[])
                        ), page AS (
                            SELECT stock.* FROM stock JOIN changed USING (sku)
                            WHERE sku > :after ORDER BY sku LIMIT :limit
                        ),
                        """
                                + HELD
                                + """
                        SELECT page.sku, page.on_hand, page.reserved,
                               coalesce(last.on_hand_after, 0)  AS ledger_on_hand,
                               coalesce(last.reserved_after, 0) AS ledger_reserved,
                               coalesce(held.quantity, 0)       AS reserved_for_orders
                        FROM page
                        LEFT JOIN held USING (sku)
                        LEFT JOIN LATERAL (
                            SELECT on_hand_after, reserved_after FROM stock_ledger AS ledger
                            WHERE ledger.sku = page.sku ORDER BY entry DESC LIMIT 1) AS last ON true
                        ORDER BY page.sku
                        """)
                .param("since", since.atOffset(ZoneOffset.UTC))
                .param("more", more.stream().map(Sku::value).toArray(String[]::new))
                .param("after", after.map(Sku::value).orElse(""))
                .param("limit", limit)
                .query((row, _) -> toAudit(row))
                .list();
    }

    private static StockAudit toAudit(ResultSet row) throws SQLException {
        return new StockAudit(
                new StockLevel(
                        new Sku(row.getString("sku")),
                        row.getLong("on_hand"),
                        row.getLong("reserved")),
                row.getLong("ledger_on_hand"),
                row.getLong("ledger_reserved"),
                row.getLong("reserved_for_orders"));
    }

    @Override
    public Instant now() {
        return jdbc.sql("SELECT now()")
                .query((row, _) -> row.getObject(1, OffsetDateTime.class).toInstant())
                .single();
    }

    @Override
    public List<StockLevel> findLevels(Optional<Sku> after, int limit) {
        return stock
                .findBySkuGreaterThanOrderBySku(after.map(Sku::value).orElse(""), Limit.of(limit))
                .stream()
                .map(StockRow::toLevel)
                .toList();
    }

    @Override
    public List<StockLedgerEntry> findLedgerEntries(Sku sku, long before, int limit) {
        return entries
                .findBySkuAndEntryLessThanOrderByEntryDesc(sku.value(), before, Limit.of(limit))
                .stream()
                .map(StockLedgerRow::toEntry)
                .toList();
    }
}
