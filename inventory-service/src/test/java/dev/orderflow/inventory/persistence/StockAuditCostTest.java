package dev.orderflow.inventory.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.value.Sku;
import dev.orderflow.inventory.stock.StockQueries.StockAudit;
import dev.orderflow.localpostgres.fixture.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/// What the audit reads while many reservations are open, as in an outage of the carrier. All is
/// done in one transaction, whose reads Postgres counts.
class StockAuditCostTest {

    private static final int ARTICLES = 1_000;
    private static final int RECEIPTS = 10;
    private static final int RESERVATIONS = 5_000;
    private static final int LINES = 2 * RESERVATIONS;
    private static final int PAGE = 201;
    private static final int PAGES = 5;

    private Connection connection;
    private JdbcClient jdbc;
    private JpaStockQueries queries;

    /// The statistics are those of a time without reservations, as when an outage begins.
    @BeforeEach
    void openManyReservations() throws Exception {
        connection = DriverManager.getConnection(TestDatabase.create().url());
        connection.setAutoCommit(false);
        jdbc = JdbcClient.create(new SingleConnectionDataSource(connection, true));
        queries =
                new JpaStockQueries(
                        (_, _) -> List.of(), _ -> Optional.empty(), (_, _, _) -> List.of(), jdbc);
        jdbc.sql(
                        new ClassPathResource("db/inventory-service/V1__create_schema.sql")
                                .getContentAsString(StandardCharsets.UTF_8))
                .update();
        jdbc.sql(
                        """
                        INSERT INTO stock (sku, on_hand, reserved)
                        SELECT 'SKU-' || article, 100 * :receipts, :reserved
                        FROM generate_series(0, :articles - 1) AS article
                        """)
                .param("receipts", RECEIPTS)
                .param("reserved", LINES / ARTICLES)
                .param("articles", ARTICLES)
                .update();
        jdbc.sql(
                        """
                        INSERT INTO stock_ledger (sku, movement, reference, on_hand_change, reserved_change,
                                                  on_hand_after, reserved_after)
                        SELECT sku, 'RECEIVED', 'delivery note 7', 100, 0, 100 * receipt, 0
                        FROM stock CROSS JOIN generate_series(1, :receipts) AS receipt
                        ORDER BY receipt, sku
                        """)
                .param("receipts", RECEIPTS)
                .update();
        jdbc.sql(
                        """
                        INSERT INTO stock_ledger (sku, movement, order_id, on_hand_change, reserved_change,
                                                  on_hand_after, reserved_after)
                        SELECT sku, 'RESERVED', gen_random_uuid(), 0, reserved, on_hand, reserved FROM stock
                        """)
                .update();
        jdbc.sql("ANALYZE").update();
        jdbc.sql(
                        """
                        INSERT INTO reservation (order_id, id, state, expires_at, next_check_at)
                        SELECT gen_random_uuid(), gen_random_uuid(), 'RESERVED', now(), now()
                        FROM generate_series(1, :reservations)
                        """)
                .param("reservations", RESERVATIONS)
                .update();
        jdbc.sql(
                        """
                        INSERT INTO reservation_line (order_id, sku, quantity)
                        SELECT order_id, 'SKU-' || (2 * number + line) % :articles, 1
                        FROM (SELECT order_id, row_number() OVER () AS number FROM reservation) AS numbered
                        CROSS JOIN generate_series(0, 1) AS line
                        """)
                .param("articles", ARTICLES)
                .update();
    }

    @AfterEach
    void close() throws Exception {
        connection.close();
    }

    @Test
    void theCompleteAuditReadsEachLedgerEntryOnceAndEachReservationOncePerPage() {
        long before = countReads("stock_ledger");
        readsEachReservationOncePerPage(after -> queries.findAudits(after, PAGE));
        // The index is searched once for each article.
        assertThat(countReads("stock_ledger") - before)
                .isLessThanOrEqualTo(ARTICLES + ARTICLES * (RECEIPTS + 1L));
        jdbc.sql("ANALYZE").update();
        readsEachReservationOncePerPage(after -> queries.findAudits(after, PAGE));
    }

    @Test
    void theAuditOfChangesReadsEachReservationOncePerPage() {
        readsEachReservationOncePerPage(this::findChanged);
        jdbc.sql("ANALYZE").update();
        readsEachReservationOncePerPage(this::findChanged);
    }

    private List<StockAudit> findChanged(Optional<Sku> after) {
        return queries.findChangedAudits(Instant.EPOCH, List.of(), after, PAGE);
    }

    private void readsEachReservationOncePerPage(
            Function<Optional<Sku>, List<StockAudit>> findPage) {
        long reservations = countReads("reservation");
        long lines = countReads("reservation_line");
        Optional<Sku> after = Optional.empty();
        for (int page = 1; page <= PAGES; page++) {
            var audits = findPage.apply(after);
            assertThat(audits)
                    .hasSize(page < PAGES ? PAGE : ARTICLES - (PAGES - 1) * PAGE)
                    .allMatch(StockAudit::isConsistent);
            after = Optional.of(audits.getLast().level().sku());
        }
        // An index is searched at most once for each reservation.
        assertThat(countReads("reservation") - reservations)
                .isLessThanOrEqualTo(PAGES * 2L * RESERVATIONS);
        assertThat(countReads("reservation_line") - lines)
                .isLessThanOrEqualTo(PAGES * (long) (RESERVATIONS + LINES));
    }

    /// The searches of the indexes of a table in this transaction, and the rows that were read.
    private long countReads(String table) {
        return jdbc.sql(
                        """
                        SELECT coalesce(idx_scan, 0) + coalesce(idx_tup_fetch, 0) + seq_tup_read
                        FROM pg_stat_xact_user_tables WHERE relname = :table
                        """)
                .param("table", table)
                .query(Long.class)
                .single();
    }
}
