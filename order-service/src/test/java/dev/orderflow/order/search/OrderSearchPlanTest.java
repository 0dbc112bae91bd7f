package dev.orderflow.order.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.contracts.value.Sku;
import dev.orderflow.defaults.fixture.QueryPlans;
import dev.orderflow.localpostgres.fixture.TestDatabase;
import dev.orderflow.order.domain.RejectionReason;
import dev.orderflow.order.search.OrderSearchFilter.AmountRange;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Currency;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The plans of the search in a table of 100,000 orders.
class OrderSearchPlanTest {

    private static HikariDataSource database;
    private static JdbcClient jdbc;

    @BeforeAll
    static void createManyOrders() throws Exception {
        var config = new HikariConfig();
        config.setJdbcUrl(TestDatabase.create().url());
        database = new HikariDataSource(config);
        jdbc = JdbcClient.create(database);
        jdbc.sql(
                        new ClassPathResource("db/order-service/V1__create_schema.sql")
                                .getContentAsString(StandardCharsets.UTF_8))
                .update();
        jdbc.sql(
                        """
                        INSERT INTO orders (id, customer_ref, state, rejection_reason, total_amount, currency,
                                            placed_at, personal_data)
                        SELECT (lpad(to_hex(1760000000000 + n * 1000), 12, '0') || '70008000'
                                || lpad(to_hex(n), 12, '0'))::uuid,
                               'cust-' || n % 5000,
                               CASE WHEN n % 500 = 0 THEN 'CANCELLED' WHEN n % 300 = 0 THEN 'REJECTED'
                                    WHEN n > 99900 THEN 'PENDING' ELSE 'SHIPPED' END,
                               CASE WHEN n % 500 <> 0 AND n % 300 = 0 THEN 'OUT_OF_STOCK' END,
                               n % 20000, 'EUR', to_timestamp(1760000000 + n), '\\x00'
                          FROM generate_series(1, 100000) AS n
                        """)
                .update();
        jdbc.sql(
                        """
                        INSERT INTO order_line (order_id, position, sku, name, quantity, unit_price)
                        SELECT id, 0, 'SKU-' || (total_amount::int % 1000), 'a mug', 1, total_amount FROM orders
                        """)
                .update();
        jdbc.sql(
                        """
                        INSERT INTO work_item (id, order_id, kind, reason)
                        SELECT gen_random_uuid(), id, 'STUCK', 'x' FROM orders WHERE state = 'PENDING' LIMIT 20
                        """)
                .update();
        jdbc.sql("ANALYZE").update();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    static Stream<OrderSearchFilter> filters() {
        return Stream.of(
                filter("PENDING", null, null, null, null, null),
                filter("REJECTED", null, null, null, null, null),
                filter("CANCELLED", null, null, null, null, null),
                filter("SHIPPED", null, null, null, null, null),
                filter(null, "ANY", null, null, null, null),
                filter(null, "STUCK", null, null, null, null),
                filter(null, null, "SKU-7", null, null, null),
                filter("SHIPPED", null, "SKU-7", null, null, null),
                filter(null, null, null, "19000", null, null),
                filter(null, null, null, null, RejectionReason.OUT_OF_STOCK, null),
                filter(null, null, null, null, null, "cust-77"),
                filter(null, null, null, null, null, null));
    }

    private static OrderSearchFilter filter(
            String state,
            String workItem,
            String sku,
            String minAmount,
            RejectionReason reason,
            String customer) {
        return new OrderSearchFilter(
                Optional.ofNullable(state),
                Optional.ofNullable(workItem),
                Optional.of(Instant.parse("2026-01-01T00:00:00Z")),
                Optional.empty(),
                Optional.ofNullable(sku).map(Sku::new),
                Optional.ofNullable(minAmount)
                        .map(
                                min ->
                                        new AmountRange(
                                                Currency.getInstance("EUR"),
                                                Optional.of(new BigDecimal(min)),
                                                Optional.empty())),
                Optional.ofNullable(reason),
                Optional.ofNullable(customer).map(CustomerRef::new),
                Optional.of(UUID.fromString("ffffffff-ffff-7fff-bfff-ffffffffffff")));
    }

    @ParameterizedTest
    @MethodSource("filters")
    void everyFilterIsAnsweredByIndexes(OrderSearchFilter filter) {
        assertThat(
                        QueryPlans.findPlans(
                                database,
                                source ->
                                        assertThat(
                                                        new OrderSearchQueries(
                                                                        JdbcClient.create(source))
                                                                .search(filter, 51))
                                                .isNotEmpty()))
                .singleElement()
                .satisfies(
                        plan ->
                                assertThat(plan)
                                        .doesNotContain(
                                                "Seq Scan on orders", "Seq Scan on order_line"));
    }
}
