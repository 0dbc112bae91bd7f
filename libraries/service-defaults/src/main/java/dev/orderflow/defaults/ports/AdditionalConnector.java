package dev.orderflow.defaults.ports;

import java.util.Objects;
import java.util.function.Consumer;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.TomcatProtocolHandlerCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.util.LambdaSafe;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/// A second connector of the server for another port, with the same limits as the first.
public final class AdditionalConnector
        implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, Ordered {

    private final int requestedPort;
    private final Consumer<Connector> difference;
    private @Nullable Connector connector;

    /// @param requestedPort 0 for a free one
    public AdditionalConnector(int requestedPort) {
        this(requestedPort, _ -> {});
    }

    /// @param difference what this connector has unlike the first
    public AdditionalConnector(int requestedPort, Consumer<Connector> difference) {
        this.requestedPort = requestedPort;
        this.difference = difference;
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
        difference.accept(second);
        factory.addAdditionalConnectors(second);
        connector = second;
    }

    /// Runs after all other customizers, whose settings it copies.
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
