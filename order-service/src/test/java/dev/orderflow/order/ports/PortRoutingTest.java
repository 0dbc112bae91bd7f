package dev.orderflow.order.ports;

import static dev.orderflow.defaults.fixture.RawHttpClient.get;
import static dev.orderflow.defaults.fixture.RawHttpClient.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.ports.AdditionalConnector;
import dev.orderflow.order.OrderApiClient;
import dev.orderflow.order.RunningOrderService;
import java.io.IOException;
import java.util.stream.Stream;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

/// The public API, the internal one and management have a port each.
@RunningOrderService
class PortRoutingTest {

    private static final String KEY = "X-Api-Key: " + OrderApiClient.INTERNAL_KEY;

    private final ServletWebServerApplicationContext service;
    private final int publicPort;
    private final int internalPort;
    private final int management;
    private final String token;

    @Autowired
    PortRoutingTest(
            ServletWebServerApplicationContext service,
            @LocalServerPort int publicPort,
            AdditionalConnector internal,
            @LocalManagementPort int management) {
        this.service = service;
        this.publicPort = publicPort;
        this.internalPort = internal.port();
        this.management = management;
        this.token = "Authorization: " + new OrderApiClient(publicPort).authorization();
    }

    @Test
    void eachPortServesItsOwnPaths() throws IOException {
        assertThat(get(internalPort, "/internal/work-items", KEY)).startsWith("HTTP/1.1 200 ");
        assertThat(get(internalPort, "/internal/work-items")).startsWith("HTTP/1.1 403 ");
        assertThat(get(publicPort, "/orders", token)).startsWith("HTTP/1.1 200 ");
        assertThat(get(publicPort, "/catalogue")).startsWith("HTTP/1.1 200 ");
        assertThat(get(management, "/actuator/health/readiness")).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/internal/work-items",
                "/internal",
                "/internal/",
                "/internal/work-items/",
                "//internal/work-items",
                "/internal//work-items",
                "/./internal/work-items",
                "/orders/../internal/work-items",
                "/orders/..;/internal/work-items",
                "/orders/%2e%2e/internal/work-items",
                "/orders/%2E%2E%2Finternal/work-items",
                "/orders/..%2finternal/work-items",
                "/orders/%252e%252e/internal/work-items",
                "/orders\\..\\internal\\work-items",
                "/internal;x=1/work-items",
                "/;x/internal/work-items",
                "/%69nternal/work-items",
                "/internal%2fwork-items",
                "/INTERNAL/work-items",
                "/Internal/work-items",
                "/internal/work-items?x=/orders",
                "/internal/work-items#/orders",
                "/internal/work-items%00",
                "/internal\u00ad/work-items",
                "/actuator/health",
                "/actuator",
                "/nowhere"
            })
    void noSpellingOfAPathReachesTheInternalApiAtThePublicPort(String path) throws IOException {
        assertThat(get(publicPort, path, KEY, token))
                .containsPattern("^HTTP/1.1 40[04] ")
                .contains("application/problem+json")
                .doesNotContain("\"items\"", "UP");
    }

    @Test
    void anInternalPathIsAnsweredAtThePublicPortLikeAnUnknownOne() throws IOException {
        for (var method : new String[] {"GET", "POST", "DELETE", "OPTIONS", "HEAD"}) {
            var hidden = send(publicPort, method, "/internal/work-items", KEY);
            var none = send(publicPort, method, "/external/work-items", KEY);
            assertThat(hidden).startsWith("HTTP/1.1 404 ");
            assertThat(plain(hidden.replace("/internal/", "/external/"))).isEqualTo(plain(none));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/orders",
                "/catalogue",
                "/internal/../catalogue",
                "/internal/%2e%2e/catalogue",
                "/actuator/health",
                "/error"
            })
    void theInternalPortServesTheInternalApiOnly(String path) throws IOException {
        assertThat(get(internalPort, path, KEY))
                .containsPattern("^HTTP/1.1 40[04] ")
                .contains("application/problem+json");
    }

    @Test
    void bothPortsHaveTheSameLimits() throws IOException {
        var limits =
                Stream.of(
                                ((TomcatWebServer) service.getWebServer())
                                        .getTomcat()
                                        .getService()
                                        .findConnectors())
                        .map(
                                connector ->
                                        (AbstractHttp11Protocol<?>) connector.getProtocolHandler())
                        .map(PortRoutingTest::limits)
                        .toList();
        assertThat(limits).hasSize(2);
        assertThat(limits.getLast()).isEqualTo(limits.getFirst());
        for (int port : new int[] {publicPort, internalPort}) {
            assertThat(get(port, "/nowhere", "X-Long: " + "x".repeat(16_000)))
                    .startsWith("HTTP/1.1 404 ");
            assertThat(get(port, "/nowhere", "X-Long: " + "x".repeat(16 * 1024)))
                    .containsPattern("^HTTP/1.1 4(00|31) ")
                    .doesNotContain("<html");
        }
    }

    private static String limits(AbstractHttp11Protocol<?> protocol) {
        return "connection %d ms, keep-alive %d ms, %d connections, %d waiting, headers %d, swallowed %d"
                .formatted(
                        protocol.getConnectionTimeout(),
                        protocol.getKeepAliveTimeout(),
                        protocol.getMaxConnections(),
                        protocol.getAcceptCount(),
                        protocol.getMaxHttpRequestHeaderSize(),
                        protocol.getMaxSwallowSize());
    }

    private static String plain(String answer) {
        return answer.replaceAll("(?m)^Date: .*$", "");
    }
}
