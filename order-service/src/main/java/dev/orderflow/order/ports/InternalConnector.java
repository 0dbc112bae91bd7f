package dev.orderflow.order.ports;

import java.util.Objects;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.TomcatProtocolHandlerCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.util.LambdaSafe;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/// A second connector of the server for the internal port, with the same limits as the first.
public final class InternalConnector
        implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, Ordered {

    private final int requestedPort;
    private @Nullable Connector connector;

    InternalConnector(int requestedPort) {
        this.requestedPort = requestedPort;
    }

    /// The actual port, once the server has started.
    public int port() {
        return Objects.requireNonNull(connector, "the server has not started").getLocalPort();
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        var second = new Connector();
        second.setPort(requestedPort);
        second.setThrowOnFailure(true);
        second.setProperty("bindOnInit", "false");
        if (second.getProtocolHandler() instanceof AbstractProtocol<?> protocol
                && factory.getAddress() != null) {
            protocol.setAddress(factory.getAddress());
        }
        // As Spring Boot does for the first connector: each customizer receives the protocols it
        // supports.
        LambdaSafe.callbacks(
                        TomcatProtocolHandlerCustomizer.class,
                        factory.getProtocolHandlerCustomizers(),
                        second.getProtocolHandler())
                .invoke(customizer -> customizer.customize(second.getProtocolHandler()));
        factory.getConnectorCustomizers().forEach(customizer -> customizer.customize(second));
        factory.addAdditionalConnectors(second);
        connector = second;
    }

    /// Runs after all other customizers, whose settings it copies.
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
