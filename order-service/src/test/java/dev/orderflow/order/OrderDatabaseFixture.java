package dev.orderflow.order;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.orderflow.localpostgres.fixture.PagesRead;
import dev.orderflow.localpostgres.fixture.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// The tables of order-service without the service, for tests of what statements read. Nothing runs
/// here but the test, and Postgres analyzes a table only when the test says so.
public final class OrderDatabaseFixture implements AutoCloseable {

    private static final List<String> SCHEMAS =
            List.of("db/order-service/V1__create_schema.sql", "db/outbox/V1__create_outbox.sql");

    private final HikariDataSource pool;
    private final Connection connection;
    private final DataSource single;

    public OrderDatabaseFixture() {
        var config = new HikariConfig();
        config.setJdbcUrl(TestDatabase.create().url());
        config.setMaximumPoolSize(3);
        pool = new HikariDataSource(config);
        try {
            try (var creating = pool.getConnection();
                    var statement = creating.createStatement()) {
                for (var schema : SCHEMAS) {
                    statement.execute(
                            new ClassPathResource(schema)
                                    .getContentAsString(StandardCharsets.UTF_8));
                }
            }
            connection = pool.getConnection();
        } catch (IOException | SQLException failed) {
            throw new IllegalStateException(failed);
        }
        for (var table : jdbc().sql(TABLES).query(String.class).list()) {
            jdbc().sql("ALTER TABLE " + table + " SET (autovacuum_enabled = false)").update();
        }
        single = new SingleConnectionDataSource(connection, true);
    }

    private static final String TABLES =
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace";

    /// The database by as many connections as are needed.
    public DataSource dataSource() {
        return pool;
    }

    /// The database by one connection, which keeps its plans.
    public DataSource singleConnection() {
        return single;
    }

    public JdbcClient jdbc() {
        return JdbcClient.create(pool);
    }

    public static TransactionTemplate transactions(DataSource source) {
        return new TransactionTemplate(new JdbcTransactionManager(source));
    }

    /// Executes statements on the single connection until Postgres keeps their plans, made by the
    /// statistics of now.
    public void keepPlans(Consumer<DataSource> statements) {
        analyze();
        for (int i = 0; i < PagesRead.EXECUTIONS_UNTIL_A_PLAN_IS_KEPT; i++) {
            statements.accept(single);
        }
    }

    /// Stores orders that were placed an hour ago.
    ///
    /// @param mark the part of their ids that tells them from other orders
    public void insertOrders(int number, String state, int mark) {
        jdbc().sql(
                        """
                        INSERT INTO orders (id, customer_ref, state, rejection_reason, total_amount, currency,
                                            placed_at, personal_data)
                        SELECT (lpad(to_hex(1760000000000 + n), 12, '0') || '70008000'
                                || lpad(to_hex(:mark), 6, '0') || lpad(to_hex(n), 6, '0'))::uuid,
                               'cust-' || n % 5000, :state,
                               CASE WHEN :state = 'REJECTED' THEN 'OUT_OF_STOCK' END,
                               n % 20000, 'EUR', now() - interval '1 hour', '\\x00'
                          FROM generate_series(1, :number) AS n
                        """)
                .param("number", number)
                .param("state", state)
                .param("mark", mark)
                .update();
    }

    /// Stores an `OrderCreated` in the outbox for each open order.
    public void insertEventsOfOpenOrders() {
        jdbc().sql(
                        """
                        INSERT INTO outbox (target, shard, event_key, event_id, event_type, payload,
                                            content_type, occurred_at)
                        SELECT 'events', 0, id::text, id || '/OrderCreated', 'OrderCreated',
                               convert_to(repeat('x', 300), 'UTF8'), 'application/json', now()
                          FROM orders WHERE NOT is_final
                        """)
                .update();
    }

    public void analyze() {
        jdbc().sql("ANALYZE").update();
    }

    /// How many pages of the tables and their indexes an action reads on the single connection, in
    /// memory or on disk.
    public int pagesRead(List<String> tables, Runnable action) {
        int before = PagesRead.count(single, tables);
        action.run();
        return PagesRead.count(single, tables) - before;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
        pool.close();
    }
}
