package dev.orderflow.defaults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.orderflow.contracts.fixture.TcpProxy;
import dev.orderflow.defaults.fixture.RefusedWrites;
import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.localpostgres.fixture.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.Security;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/// A service whose database falls silent, is full, or has no connection left.
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=defaults-test",
            "spring.datasource.username=postgres",
            "spring.datasource.password=postgres",
            "spring.datasource.hikari.maximum-pool-size=2",
            "spring.datasource.hikari.connection-timeout=1000",
            "orderflow.internal-api.keys[0]=test-internal-api-key",
            "orderflow.operators.tokens.issuer=https://issuer.example",
            "orderflow.operators.tokens.audiences[0]=operations",
            "orderflow.database.timeouts.socket=2s",
            "orderflow.database.timeouts.validation=500ms"
        })
@ActiveProfiles("local")
@ContextConfiguration(initializers = SqsFixture.class)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DatabaseOutageTest {

    private static final String DATABASE = TestDatabase.create().url();
    private static final TcpProxy network = TcpProxy.to(DATABASE);

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;

    /// Without the network and the time-outs of the pool.
    private final JdbcClient jdbc =
            JdbcClient.create(new DriverManagerDataSource(DATABASE, "postgres", "postgres"));

    private final HikariDataSource pool;

    @Autowired
    DatabaseOutageTest(@LocalServerPort int port, HikariDataSource pool) {
        this.port = port;
        this.pool = pool;
    }

    @DynamicPropertySource
    static void databaseBehindTheNetwork(DynamicPropertyRegistry properties) {
        properties.add("spring.datasource.url", () -> network.through(DATABASE));
    }

    @BeforeAll
    static void queues() {
        SqsFixture.createQueue("single", 3);
        SqsFixture.createQueue("batch", 3);
    }

    @AfterEach
    void recover() {
        network.recover();
        await().untilAsserted(() -> assertThat(readiness()).isEqualTo(200));
    }

    @AfterAll
    static void close() {
        network.close();
    }

    @Test
    void aRequestToAnUnresponsiveDatabaseIsAnsweredAndTheServiceRecovers() throws Exception {
        await().untilAsserted(() -> assertThat(place().statusCode()).isEqualTo(201));
        network.dropTraffic();
        assertUnavailable(place());
        assertThat(network.droppedCount()).isPositive();
        await().untilAsserted(() -> assertThat(readiness()).isEqualTo(503));
        network.recover();
        await().untilAsserted(() -> assertThat(place().statusCode()).isEqualTo(201));
        await().untilAsserted(() -> assertThat(readiness()).isEqualTo(200));
    }

    @Test
    void aServiceWithAnUnresponsiveDatabaseIsAlive() throws Exception {
        network.dropTraffic();
        await().untilAsserted(() -> assertThat(readiness()).isEqualTo(503));
        assertThat(get("/actuator/health/liveness").statusCode()).isEqualTo(200);
    }

    @Test
    void aRequestWithoutAConnectionIsAnsweredWithRetryAfterAndTheServiceStaysReady()
            throws Exception {
        var taken = new ArrayList<AutoCloseable>();
        try {
            while (taken.size() < pool.getMaximumPoolSize()) {
                taken.add(pool.getConnection());
            }
            assertUnavailable(place());
            assertThat(readiness()).isEqualTo(200);
        } finally {
            for (var connection : taken) {
                connection.close();
            }
        }
        await().untilAsserted(() -> assertThat(place().statusCode()).isEqualTo(201));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "53100", "53200", "53300", "58030", "25006", "57P01", "57P03", "08006", "57014",
                "40001", "55P03"
            })
    void aDatabaseThatCannotStoreIsATemporaryFailure(String state) throws Exception {
        try (var _ = refuseWrites(state)) {
            assertUnavailable(place());
        }
        await().untilAsserted(() -> assertThat(place().statusCode()).isEqualTo(201));
    }

    @ParameterizedTest
    @ValueSource(strings = {"22012", "42P01", "23514", "XX000"})
    void anInvalidStatementIsAProgrammingError(String state) throws Exception {
        try (var _ = refuseWrites(state)) {
            await().untilAsserted(() -> assertThat(place().statusCode()).isEqualTo(500));
        }
    }

    @Test
    void aReadOnlyServerIsNotReady() throws Exception {
        jdbc.sql("ALTER DATABASE " + database() + " SET default_transaction_read_only = on")
                .update();
        pool.getHikariPoolMXBean().softEvictConnections();
        try {
            await().untilAsserted(() -> assertThat(readiness()).isEqualTo(503));
            assertUnavailable(place());
        } finally {
            try (var connection = pool.getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("SET default_transaction_read_only = off");
                statement.execute(
                        "ALTER DATABASE "
                                + connection.getCatalog()
                                + " RESET default_transaction_read_only");
            }
            pool.getHikariPoolMXBean().softEvictConnections();
        }
    }

    @Test
    void everyConnectionOfThePoolHasItsLimits() throws Exception {
        assertThat(pool.getDataSourceProperties())
                .containsEntry("socketTimeout", "2")
                .containsEntry("connectTimeout", "3")
                .containsEntry("loginTimeout", "5")
                .containsEntry("cancelSignalTimeout", "3")
                .containsEntry("tcpKeepAlive", "true");
        assertThat(pool.getKeepaliveTime()).isEqualTo(60_000);
        try (var connection = pool.getConnection()) {
            assertThat(connection.getNetworkTimeout()).isEqualTo(2_000);
        }
    }

    @Test
    void aMigrationMayTakeLongerThanAStatementAndThePoolSetsItsLimitAgain(
            @Autowired FlywayConfigurationCustomizer[] customizers) throws Exception {
        var flyway = Flyway.configure().dataSource(pool);
        for (var customizer : customizers) {
            customizer.customize(flyway);
        }
        for (int i = 0; i <= pool.getMaximumPoolSize(); i++) {
            try (var connection = flyway.getDataSource().getConnection()) {
                assertThat(connection.getNetworkTimeout()).isEqualTo(3_600_000);
            }
            try (var connection = pool.getConnection()) {
                assertThat(connection.getNetworkTimeout()).isEqualTo(2_000);
            }
        }
    }

    @Test
    void everyCallOfAClientOfSpringCloudAwsHasATimeout(@Autowired SqsAsyncClient sqs) {
        var limits = sqs.serviceClientConfiguration().overrideConfiguration();
        assertThat(limits.apiCallTimeout()).contains(Duration.ofSeconds(60));
        assertThat(limits.apiCallAttemptTimeout()).contains(Duration.ofSeconds(30));
    }

    @Test
    void dnsResultsAreCachedForSeconds() {
        assertThat(Security.getProperty("networkaddress.cache.ttl")).isEqualTo("5");
        assertThat(Security.getProperty("networkaddress.cache.negative.ttl")).isEqualTo("2");
    }

    private static void assertUnavailable(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.body()).contains("problems/temporarily-unavailable");
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }

    private RefusedWrites refuseWrites(String state) {
        return RefusedWrites.of(jdbc, state, "INSERT", "idempotency_key", "true");
    }

    private String database() {
        return jdbc.sql("SELECT current_database()").query(String.class).single();
    }

    private int readiness() throws Exception {
        return get("/actuator/health/readiness").statusCode();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> place() throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/items"))
                        .header("X-Api-Key", "test-internal-api-key")
                        .header("Idempotency-Key", UUID.randomUUID().toString())
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"what\":\"mug\",\"count\":1}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
