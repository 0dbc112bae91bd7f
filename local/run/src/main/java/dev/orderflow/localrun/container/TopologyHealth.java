package dev.orderflow.localrun.container;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.orderflow.localrun.TopologyProvisioning;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/// A health endpoint on loopback that checks the topology and creates what is missing.
///
/// `GET /health` returns 200 when the topology exists, 503 when the cloud does not respond.
final class TopologyHealth implements AutoCloseable {

    /// The port of the container's health check.
    static final int PORT = 4567;

    static final String PATH = "/health";

    private static final Logger log = LoggerFactory.getLogger(TopologyHealth.class);

    private final HttpServer server;
    private final TopologyProvisioning provisioning;

    private TopologyHealth(HttpServer server, TopologyProvisioning provisioning) {
        this.server = server;
        this.provisioning = provisioning;
    }

    /// @param port 0 for any that is free
    /// @throws UncheckedIOException when the port is taken
    static TopologyHealth start(int port, TopologyProvisioning provisioning) {
        try {
            var server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            var health = new TopologyHealth(server, provisioning);
            server.createContext(PATH, health::answer);
            server.start();
            return health;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot listen on port " + port, failure);
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = check();
            var bytes = body.text().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(body.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private record HealthResponse(int status, String text) {}

    private HealthResponse check() {
        try {
            if (provisioning.restore()) {
                log.warn(
                        "queues, rules or workflow were missing in the cloud and were created again");
            }
            return new HealthResponse(200, "queues, rules and workflow exist\n");
        } catch (SdkException failed) {
            log.warn("cannot check the topology: {}", failed.getMessage());
            return new HealthResponse(503, "the cloud does not respond\n");
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
