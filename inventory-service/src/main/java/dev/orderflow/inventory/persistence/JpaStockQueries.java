package dev.orderflow.inventory.persistence;

import dev.orderflow.contracts.value.Sku;
import dev.orderflow.inventory.stock.StockLevel;
import dev.orderflow.inventory.stock.StockQueries;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/// Reads stock and ledger by Spring Data JPA, and the audit by one SQL statement.
@Repository
@Transactional(readOnly = true)
class JpaStockQueries implements StockQueries {

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

    /// One statement, so that all values are of the same moment.
    @Override
    public List<StockAudit> findAudits(Optional<Sku> after, int limit) {
        return jdbc.sql(
                        """
                        SELECT balance.*, (
                            SELECT coalesce(sum(line.quantity), 0)
                            FROM reservation_line AS line JOIN reservation USING (order_id)
                            WHERE reservation.state = 'RESERVED' AND line.sku = balance.sku) AS reserved_for_orders
                        FROM stock_balance AS balance
                        WHERE balance.sku > :after
                        ORDER BY balance.sku
                        LIMIT :limit
                        """)
                .param("after", after.map(Sku::value).orElse(""))
                .param("limit", limit)
                .query(
                        (row, _) ->
                                new StockAudit(
                                        new StockBalance(
                                                new StockLevel(
                                                        new Sku(row.getString("sku")),
                                                        row.getLong("on_hand"),
                                                        row.getLong("reserved")),
                                                row.getLong("entries"),
                                                row.getLong("received"),
                                                row.getLong("shipped"),
                                                row.getLong("ledger_on_hand"),
                                                row.getLong("ledger_reserved"),
                                                row.getBoolean("consistent")),
                                        row.getLong("reserved_for_orders")))
                .list();
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
