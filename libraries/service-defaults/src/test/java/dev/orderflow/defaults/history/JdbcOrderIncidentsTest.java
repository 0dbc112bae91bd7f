package dev.orderflow.defaults.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.orderflow.defaults.tracing.TracePropagation;
import dev.orderflow.localpostgres.fixture.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class JdbcOrderIncidentsTest {

    private static HikariDataSource database;
    private static JdbcClient jdbc;

    private final UUID order = UUID.randomUUID();
    private final JdbcOrderIncidents incidents =
            new JdbcOrderIncidents(jdbc, TracePropagation.noop("test"), "shipping-service");

    @BeforeAll
    static void createTables() throws Exception {
        var config = new HikariConfig();
        config.setJdbcUrl(TestDatabase.create().url());
        database = new HikariDataSource(config);
        jdbc = JdbcClient.create(database);
        jdbc.sql(
                        new ClassPathResource("db/defaults-test/V1__tables.sql")
                                .getContentAsString(StandardCharsets.UTF_8))
                .update();
    }

    @AfterAll
    static void closePool() {
        database.close();
    }

    @BeforeEach
    void start() {
        incidents.start();
    }

    @AfterEach
    void stop() {
        incidents.stop();
    }

    @Test
    void anIncidentIsFoundByItsOrder() {
        incidents.record(UUID.randomUUID(), OrderIncidentType.CALL_FAILED, "x", "Another order.");
        incidents.record(
                order, OrderIncidentType.MESSAGE_REDELIVERED, "m-1", "The message came again.");
        awaitStored();
        assertThat(incidents.find(order))
                .singleElement()
                .satisfies(
                        entry -> {
                            assertThat(entry.participant()).isEqualTo("shipping-service");
                            assertThat(entry.type()).isEqualTo("MESSAGE_REDELIVERED");
                            assertThat(entry.outcome()).isEqualTo(OrderHistoryOutcome.REPEATED);
                            assertThat(entry.summary()).isEqualTo("The message came again.");
                            assertThat(entry.ids()).containsEntry("messageId", "m-1");
                        });
    }

    @Test
    void aFailureIsNamedInWordsAndNotByItsClass() {
        incidents.record(
                order,
                OrderIncidentType.CALL_FAILED,
                "x",
                "permit: HttpTimeoutException, then java.io.IOException and SQLTransientError");
        awaitStored();
        assertThat(incidents.find(order))
                .singleElement()
                .satisfies(
                        entry ->
                                assertThat(entry.summary())
                                        .isEqualTo(
                                                "permit: http timeout, then io and sql transient"));
    }

    @Test
    void whatHappensAgainIsCountedAndLastsFromItsFirstToItsLastTime() {
        var began = Instant.now().minusSeconds(60).truncatedTo(ChronoUnit.MICROS);
        record("carrier", "The carrier did not respond.", began);
        awaitStored();
        record("carrier", "The carrier did not respond.", began.plusSeconds(5));
        record("carrier", "The carrier did not respond.", began.plusSeconds(9));
        awaitStored();
        assertThat(incidents.find(order))
                .singleElement()
                .satisfies(
                        entry -> {
                            assertThat(entry.at()).isEqualTo(began);
                            assertThat(entry.until()).isAfter(began.plusSeconds(9));
                            assertThat(entry.summary())
                                    .isEqualTo("The carrier did not respond. (3 times)");
                        });
    }

    @Test
    void anIncidentOfATransactionThatIsRolledBackIsKept() {
        new TransactionTemplate(new JdbcTransactionManager(database))
                .executeWithoutResult(
                        status -> {
                            record("", "It failed.", Instant.now());
                            status.setRollbackOnly();
                        });
        awaitStored();
        assertThat(incidents.find(order)).hasSize(1);
    }

    @Test
    void incidentsWaitInMemoryWhileTheDatabaseFails() {
        jdbc.sql("ALTER TABLE order_incident RENAME TO order_incident_away").update();
        record("", "It failed.", Instant.now());
        assertThat(incidents.isEverythingStored()).isFalse();
        jdbc.sql("ALTER TABLE order_incident_away RENAME TO order_incident").update();
        awaitStored();
        assertThat(incidents.find(order)).hasSize(1);
    }

    @Test
    void stoppingStoresWhatWaits() {
        IntStream.range(0, 50).forEach(i -> record("s" + i, "It failed.", Instant.now()));
        incidents.stop();
        assertThat(incidents.find(order)).hasSize(50);
    }

    @Test
    void anOrderKeepsALimitedNumberOfIncidents() {
        IntStream.range(0, 1_000).forEach(i -> record("s" + i, "It failed.", Instant.now()));
        awaitStored();
        assertThat(incidents.find(order))
                .hasSizeBetween(1, 2 * JdbcOrderIncidents.MAX_INCIDENTS_PER_ORDER);
    }

    @Test
    void textThatPostgresRejectsIsStoredWithoutIt() {
        record("a\0b", "one\ntwo\u2028three\ud800", Instant.now());
        awaitStored();
        assertThat(incidents.find(order))
                .singleElement()
                .satisfies(entry -> assertThat(entry.summary()).isEqualTo("one two three"));
    }

    private void record(String subject, String detail, Instant since) {
        incidents.record(order, OrderIncidentType.CALL_FAILED, subject, detail, since);
    }

    private void awaitStored() {
        await().until(incidents::isEverythingStored);
    }
}
