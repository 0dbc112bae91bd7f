package dev.orderflow.defaults;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.fixture.PostgresFixture;
import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.defaults.ports.InternalConnector;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
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

/// A service with a public API, an internal one and management, at a port each.
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=defaults-test",
            "orderflow.ports.internal-port=0",
            "orderflow.ports.public-paths=/items/**,/orders/**,/open",
            "management.server.port=0",
            "server.tomcat.connection-timeout=5s",
            "orderflow.http.body-timeout=2s",
            "management.prometheus.metrics.export.enabled=true"
        })
@ContextConfiguration(initializers = {PostgresFixture.class, SqsFixture.class})
class PortRoutingTest {

    private static final String KEY = "X-Api-Key: test-internal-api-key";

    private final int outside;
    private final int inside;
    private final int management;

    @Autowired
    PortRoutingTest(
            @LocalServerPort int outside,
            InternalConnector inside,
            @LocalManagementPort int management) {
        this.outside = outside;
        this.inside = inside.port();
        this.management = management;
    }

    @BeforeAll
    static void queues() {
        SqsFixture.createQueue("single", 3);
        SqsFixture.createQueue("batch", 3);
    }

    @Test
    void eachPortServesItsOwnPaths() throws IOException {
        assertThat(get(inside, "/internal/items/1", KEY)).startsWith("HTTP/1.1 200 ");
        assertThat(get(inside, "/internal/items/1")).startsWith("HTTP/1.1 403 ");
        assertThat(get(outside, "/items")).startsWith("HTTP/1.1 405 ");
        assertThat(get(outside, "/open")).startsWith("HTTP/1.1 200 ");
        assertThat(get(management, "/actuator/health/readiness")).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/internal/items/1",
                "/internal",
                "/internal/",
                "/internal/items/1/",
                "//internal/items/1",
                "/internal//items/1",
                "/./internal/items/1",
                "/items/../internal/items/1",
                "/items/..;/internal/items/1",
                "/items/%2e%2e/internal/items/1",
                "/items/%2E%2E%2Finternal/items/1",
                "/items/..%2finternal/items/1",
                "/items/%252e%252e/internal/items/1",
                "/items\\..\\internal\\items\\1",
                "/internal;x=1/items/1",
                "/;x/internal/items/1",
                "/%69nternal/items/1",
                "/internal%2fitems%2f1",
                "/INTERNAL/items/1",
                "/Internal/items/1",
                "/internal/items/1?x=/items",
                "/internal/items/1#/items",
                "/internal/items/1%00",
                "/internal\u00ad/items/1",
                "/actuator/health",
                "/actuator",
                "/nowhere"
            })
    void noSpellingOfAPathReachesTheInternalApiAtThePublicPort(String path) throws IOException {
        assertThat(get(outside, path, KEY))
                .containsPattern("^HTTP/1.1 40[04] ")
                .contains("application/problem+json")
                .doesNotContain("item 1", "UP");
    }

    @Test
    void anInternalPathIsAnsweredAtThePublicPortLikeAnUnknownOne() throws IOException {
        for (var method : new String[] {"GET", "POST", "DELETE", "OPTIONS", "HEAD"}) {
            var hidden = send(outside, method, "/internal/items/1", KEY);
            var none = send(outside, method, "/external/items/1", KEY);
            assertThat(hidden).startsWith("HTTP/1.1 404 ");
            assertThat(plain(hidden.replace("/internal/", "/external/"))).isEqualTo(plain(none));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/items",
                "/orders/1/items",
                "/internal/../items",
                "/internal/%2e%2e/items",
                "/actuator/health",
                "/error"
            })
    void theImageContainsNothingElse(String path) throws IOException {
        assertThat(get(inside, path, KEY))
                .containsPattern("^HTTP/1.1 40[04] ")
                .contains("application/problem+json");
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
    void aConnectionWithIncompleteHeadersIsClosedAtEveryPort() throws IOException {
        try (var first = incompleteRequest(outside);
                var second = incompleteRequest(inside)) {
            for (var socket : List.of(first, second)) {
                // The end of it, well before the time-out of this test.
                assertThat(socket.getInputStream().readAllBytes()).isEmpty();
            }
        }
    }

    private static Socket incompleteRequest(int port) throws IOException {
        var socket = new Socket("localhost", port);
        socket.setSoTimeout(60_000);
        socket.getOutputStream()
                .write("GET /items HTTP/1.1\r\nHost: x\r\nX-Slow: ".getBytes(US_ASCII));
        return socket;
    }

    @Test
    void aSlowBodyIsAnsweredWith408() throws IOException {
        try (var socket = new Socket("localhost", outside)) {
            socket.getOutputStream()
                    .write(
                            """
                            POST /items HTTP/1.1\r
                            Host: localhost\r
                            Idempotency-Key: slow\r
                            Content-Type: application/json\r
                            Content-Length: 60000\r
                            \r
                            {"what":\""""
                                    .getBytes(US_ASCII));
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
            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                    .startsWith("TTP/1.1 408 ")
                    .contains("problems/body-too-slow");
        }
    }

    @Test
    void requestHeadersHaveAtMostSixteenKilobytesAtEveryPort() throws IOException {
        for (int port : new int[] {outside, inside}) {
            assertThat(get(port, "/nowhere", "X-Long: " + "x".repeat(16_000)))
                    .startsWith("HTTP/1.1 404 ");
            assertThat(get(port, "/nowhere", "X-Long: " + "x".repeat(16 * 1024)))
                    .containsPattern("^HTTP/1.1 4(00|31) ")
                    .doesNotContain("<html");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x=%zz", "%00=%", "=&&=", "a=%ff%fe"})
    void anUnreadableQueryIsAnsweredWith400(String query) throws IOException {
        assertThat(get(inside, "/internal/items/1?" + query, KEY))
                .containsPattern("^HTTP/1.1 (200|400) ")
                .doesNotContain("Exception");
        assertThat(get(inside, "/internal/items?" + query, KEY))
                .containsPattern("^HTTP/1.1 (200|400) ");
    }

    @Test
    void aQueryHasAHundredParameters() throws IOException {
        assertThat(get(inside, "/internal/items?word=x" + "&a=1".repeat(99), KEY))
                .startsWith("HTTP/1.1 200 ");
        assertThat(get(inside, "/internal/items?word=x" + "&a=1".repeat(100), KEY))
                .containsPattern("^HTTP/1.1 4")
                .contains("problem+json");
    }

    private static String plain(String answer) {
        return answer.replaceAll("(?m)^Date: .*$", "");
    }

    private static String get(int port, String path, String... headers) throws IOException {
        return send(port, "GET", path, headers);
    }

    /// By hand, since clients tidy up paths.
    private static String send(int port, String method, String path, String... headers)
            throws IOException {
        try (var socket = new Socket("localhost", port)) {
            socket.setSoTimeout(60_000);
            var request = new StringBuilder();
            request.append(method).append(' ').append(path).append(" HTTP/1.1\r\n");
            request.append("Host: localhost\r\nConnection: close\r\n");
            for (var header : headers) {
                request.append(header).append("\r\n");
            }
            socket.getOutputStream()
                    .write(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
