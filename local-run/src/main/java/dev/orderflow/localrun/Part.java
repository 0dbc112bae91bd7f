package dev.orderflow.localrun;

import dev.orderflow.analytics.AnalyticsServiceApplication;
import dev.orderflow.inventory.InventoryServiceApplication;
import dev.orderflow.notification.NotificationServiceApplication;
import dev.orderflow.operations.OperationsConsoleApplication;
import dev.orderflow.order.OrderServiceApplication;
import dev.orderflow.payment.PaymentServiceApplication;
import dev.orderflow.shipping.ShippingServiceApplication;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.builder.SpringApplicationBuilder;

/// What listens on a port of its own.
public enum Part {
    ORDER_SERVICE("order-service", 8080, "orders", OrderServiceApplication::application),
    INVENTORY_SERVICE(
            "inventory-service", 8081, "inventory", InventoryServiceApplication::application),
    PAYMENT_SERVICE("payment-service", 8082, "payments", PaymentServiceApplication::application),
    SHIPPING_SERVICE("shipping-service", 8083, "shipping", ShippingServiceApplication::application),
    NOTIFICATION_SERVICE(
            "notification-service",
            8084,
            "notifications",
            NotificationServiceApplication::application),
    ANALYTICS_SERVICE(
            "analytics-service", 8085, "analytics", AnalyticsServiceApplication::application),
    OPERATIONS_CONSOLE(
            "operations-console", 8086, "operations", OperationsConsoleApplication::application),
    LOCAL_CLOUD("local-cloud", 4566),
    SANDBOX_GATEWAY("sandbox-gateway", 8090),
    SANDBOX_CARRIER("sandbox-carrier", 8091);

    private final String label;
    private final int standardPort;
    private final @Nullable Service service;

    Part(String label, int standardPort) {
        this.label = label;
        this.standardPort = standardPort;
        this.service = null;
    }

    Part(
            String label,
            int standardPort,
            String database,
            Supplier<SpringApplicationBuilder> application) {
        this.label = label;
        this.standardPort = standardPort;
        this.service = new Service(label, database, application);
    }

    /// The name it goes by in commands and messages.
    public String label() {
        return label;
    }

    /// The port it has when nobody chooses another.
    public int standardPort() {
        return standardPort;
    }

    /// The application that the main method of a service runs.
    ///
    /// @throws java.util.NoSuchElementException when it is no service
    public SpringApplicationBuilder application() {
        return service().orElseThrow().application().get();
    }

    /// What it takes to start it, when it is a service.
    Optional<Service> service() {
        return Optional.ofNullable(service);
    }

    /// All services.
    public static List<Part> services() {
        return Arrays.stream(values()).filter(part -> part.service != null).toList();
    }

    /// @param name its configuration's name
    /// @param database the name of its database and of its user there
    /// @param application the same application that its main method runs
    record Service(String name, String database, Supplier<SpringApplicationBuilder> application) {}
}
