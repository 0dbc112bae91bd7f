package dev.orderflow.defaults;

import static dev.orderflow.defaults.fixture.RawHttpClient.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.fixture.PostgresFixture;
import dev.orderflow.defaults.fixture.RawHttpClient;
import dev.orderflow.defaults.fixture.SqsFixture;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;

/// The limits of connections and requests, and what the management port shows.
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=defaults-test",
            "management.server.port=0",
            "server.tomcat.connection-timeout=5s",
            "orderflow.http.body-timeout=2s",
            "management.prometheus.metrics.export.enabled=true"
        })
@ContextConfiguration(initializers = {PostgresFixture.class, SqsFixture.class})
class ConnectionLimitsTest {

    private static final String KEY = "X-Api-Key: test-internal-api-key";

    private final int port;
    private final int management;

    @Autowired
    ConnectionLimitsTest(@LocalServerPort int port, @LocalManagementPort int management) {
        this.port = port;
        this.management = management;
    }

    @BeforeAll
    static void queues() {
        SqsFixture.createQueue("single", 3);
        SqsFixture.createQueue("batch", 3);
    }

    @Test
    void aConnectionServesMoreThanAHundredRequests() throws Exception {
        int requests = 120;
        try (var socket = new Socket("localhost", port)) {
            socket.setSoTimeout(60_000);
            for (int number = 1; number <= requests; number++) {
                socket.getOutputStream()
                        .write(
                                "GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: %s\r\n\r\n"
                                        .formatted(number < requests ? "keep-alive" : "close")
                                        .getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(
                            new String(
                                            socket.getInputStream().readAllBytes(),
                                            StandardCharsets.US_ASCII)
                                    .split("HTTP/1.1 4", -1))
                    .hasSize(requests + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/items",
                "/internal/items/1",
                "/actuator",
                "/actuator/../internal/items/1",
                "/actuator/env",
                "/actuator/info",
                "/actuator/beans",
                "/actuator/heapdump",
                "/actuator/loggers",
                "/actuator/shutdown"
            })
    void managementShowsHealthAndMetersOnly(String path) throws IOException {
        assertThat(get(management, path, KEY))
                .containsPattern("^HTTP/1.1 40[04] ")
                .doesNotContain("item 1", "<html", "Exception");
    }

    @Test
    void healthContainsNoDetails() throws IOException {
        for (var path : new String[] {"", "/liveness", "/readiness"}) {
            assertThat(get(management, "/actuator/health" + path))
                    .contains("\"UP\"")
                    .doesNotContain("components", "details", "database");
        }
        assertThat(get(management, "/actuator/metrics")).contains("jvm.threads.live");
    }

    @Test
    void everyMeterIsAtPrometheusIfItIsEnabled() throws IOException {
        assertThat(get(management, "/actuator/prometheus"))
                .startsWith("HTTP/1.1 200 ")
                .contains("jvm_threads_live_threads{service=\"defaults-test\"}");
    }

    @Test
    void aConnectionWithIncompleteHeadersIsClosed() throws IOException {
        try (var socket = RawHttpClient.sendIncomplete(port)) {
            // The end of it, well before the time-out of this test.
            assertThat(socket.getInputStream().readAllBytes()).isEmpty();
        }
    }

    @Test
    void aSlowBodyIsAnsweredWith408() throws IOException {
        try (var socket = new Socket("localhost", port)) {
            socket.getOutputStream()
                    .write(
                            """
                            POST /items HTTP/1.1\r
                            Host: localhost\r
                            X-Api-Key: test-internal-api-key\r
                            Idempotency-Key: slow\r
                            Content-Type: application/json\r
                            Content-Length: 60000\r
                            \r
                            {"what":\""""
                                    .getBytes(StandardCharsets.US_ASCII));
            // Reads for a while, and while there is nothing to read sends another byte.
            socket.setSoTimeout(100);
            int first = -2;
            while (first == -2) {
                try {
                    first = socket.getInputStream().read();
                } catch (SocketTimeoutException _) {
                    socket.getOutputStream().write('x');
                }
            }
            socket.setSoTimeout(60_000);
            assertThat(
                            new String(
                                    socket.getInputStream().readAllBytes(),
                                    StandardCharsets.US_ASCII))
                    .startsWith("TTP/1.1 408 ")
                    .contains("problems/body-too-slow");
        }
    }

    @Test
    void requestHeadersHaveAtMostSixteenKilobytes() throws IOException {
        assertThat(get(port, "/nowhere", "X-Long: " + "x".repeat(16_000)))
                .startsWith("HTTP/1.1 404 ");
        assertThat(get(port, "/nowhere", "X-Long: " + "x".repeat(16 * 1024)))
                .containsPattern("^HTTP/1.1 4(00|31) ")
                .doesNotContain("<html");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x=%zz", "%00=%", "=&&=", "a=%ff%fe"})
    void anUnreadableQueryIsAnsweredWith400(String query) throws IOException {
        assertThat(get(port, "/internal/items/1?" + query, KEY))
                .containsPattern("^HTTP/1.1 (200|400) ")
                .doesNotContain("Exception");
        assertThat(get(port, "/internal/items?" + query, KEY))
                .containsPattern("^HTTP/1.1 (200|400) ");
    }

    @Test
    void aQueryHasAHundredParameters() throws IOException {
        assertThat(get(port, "/internal/items?word=x" + "&a=1".repeat(99), KEY))
                .startsWith("HTTP/1.1 200 ");
        assertThat(get(port, "/internal/items?word=x" + "&a=1".repeat(100), KEY))
                .containsPattern("^HTTP/1.1 4")
                .contains("problem+json");
    }
}
