package dev.orderflow.shipping.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.orderflow.defaults.fixture.QueryPlans;
import dev.orderflow.localpostgres.fixture.TestDatabase;
import dev.orderflow.shipping.ShippingProperties;
import dev.orderflow.shipping.ShippingProperties.ShipmentSchedulerProperties;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Claims of shipments while 20,000 shipments wait for the carrier.
class ShipmentClaimPlanTest {

    private static final ShippingProperties PROPERTIES =
            new ShippingProperties(
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    new ShipmentSchedulerProperties(
                            Duration.ofSeconds(5),
                            Duration.ofMinutes(3),
                            Duration.ofMinutes(2),
                            Duration.ofMinutes(15)));

    private HikariDataSource database;
    private JdbcClient jdbc;

    @BeforeEach
    void createShipments() throws Exception {
        var config = new HikariConfig();
        config.setJdbcUrl(TestDatabase.create().url());
        config.setMaximumPoolSize(2);
        database = new HikariDataSource(config);
        jdbc = JdbcClient.create(database);
        jdbc.sql(
                        new ClassPathResource("db/shipping-service/V1__create_schema.sql")
                                .getContentAsString(StandardCharsets.UTF_8))
                .update();
        insert("WAITING", "PENDING", 10_000);
        insert("DISPATCH_PERMITTED", "PENDING", 10_000);
        insert("BOOKED", "ANSWERED", 10_000);
        insert("BOOKED", "PENDING", 30);
        insert("CANCELLED", "PENDING", 10);
        jdbc.sql("ANALYZE").update();
    }

    private void insert(String state, String callback, int shipments) {
        jdbc.sql(
                        """
                        INSERT INTO shipment (id, order_id, state, tracking_number, callback_state, task_token,
                                              requested_at, next_attempt_at)
                        SELECT gen_random_uuid(), gen_random_uuid(), :state,
                               CASE WHEN :state = 'BOOKED' THEN 'T-' || n END, :callback, 'token', now(),
                               now() - make_interval(secs => n)
                          FROM generate_series(1, :shipments) AS n
                        """)
                .param("state", state)
                .param("callback", callback)
                .param("shipments", shipments)
                .update();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void shipmentsThatNeedTheCarrierAreNotReadWhileItsCircuitBreakerIsOpen() {
        var claimed = new ArrayList<UUID>();
        for (int claim = 0; claim < 3; claim++) {
            assertThat(countRead(shipments -> claimed.addAll(shipments.claimStalled(20, false))))
                    .isLessThan(200);
        }
        assertThat(claimed)
                .containsExactlyInAnyOrderElementsOf(
                        orders(
                                "callback_state = 'PENDING' AND state NOT IN ('WAITING', 'DISPATCH_PERMITTED')"));
    }

    @Test
    void aClaimReadsOnlyTheShipmentsThatItClaims() {
        assertThat(countRead(shipments -> shipments.claimStalled(20, true))).isLessThan(200);
        assertThat(countRead(shipments -> shipments.claimHeartbeats(20, Duration.ofMinutes(3))))
                .isLessThan(200);
    }

    @Test
    void whileTheCircuitBreakerIsClosedTheLongestStalledShipmentsAreClaimedFirst() {
        var longestStalled =
                orders(
                        """
                        id IN (SELECT id FROM shipment WHERE callback_state = 'PENDING'
                               ORDER BY next_attempt_at LIMIT 20)
                        """);
        assertThat(shipments(database).claimStalled(20, true))
                .containsExactlyInAnyOrderElementsOf(longestStalled);
        assertThat(shipments(database).claimStalled(20, true))
                .hasSize(20)
                .doesNotContainAnyElementsOf(longestStalled);
    }

    private long countRead(Consumer<JpaShipments> work) {
        return QueryPlans.countRead(database, "shipment", source -> work.accept(shipments(source)));
    }

    /// Claims use neither entities nor their repository.
    private static JpaShipments shipments(DataSource source) {
        return new JpaShipments(null, null, JdbcClient.create(source), PROPERTIES);
    }

    private List<UUID> orders(String condition) {
        return jdbc.sql("SELECT order_id FROM shipment WHERE " + condition)
                .query(UUID.class)
                .list();
    }
}
