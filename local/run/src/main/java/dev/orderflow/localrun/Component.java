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

/// A component that listens on a port of its own.
public enum Component {
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
    /// The other services have the internal API on their main port.
    ORDER_SERVICE_INTERNAL("order-service-internal", 8180),
    /// The pages of the console for browsers.
    OPERATIONS_CONSOLE_PAGES("operations-console-pages", 8087),
    ORDER_SERVICE_MANAGEMENT("order-service-management", 9080),
    INVENTORY_SERVICE_MANAGEMENT("inventory-service-management", 9081),
    PAYMENT_SERVICE_MANAGEMENT("payment-service-management", 9082),
    SHIPPING_SERVICE_MANAGEMENT("shipping-service-management", 9083),
    NOTIFICATION_SERVICE_MANAGEMENT("notification-service-management", 9084),
    ANALYTICS_SERVICE_MANAGEMENT("analytics-service-management", 9085),
    OPERATIONS_CONSOLE_MANAGEMENT("operations-console-management", 9086),
    LOCAL_CLOUD("local-cloud", 4566),
    DEVELOPMENT_ISSUER("development-issuer", 8092),
    SANDBOX_GATEWAY("sandbox-gateway", 8090),
    SANDBOX_CARRIER("sandbox-carrier", 8091);

    private final String label;
    private final int standardPort;
    private final @Nullable ServiceComponent service;

    Component(String label, int standardPort) {
        this.label = label;
        this.standardPort = standardPort;
        this.service = null;
    }

    Component(
            String label,
            int standardPort,
            String database,
            Supplier<SpringApplicationBuilder> application) {
        this.label = label;
        this.standardPort = standardPort;
        this.service = new ServiceComponent(label, database, application);
    }

    /// The name in commands and messages.
    public String label() {
        return label;
    }

    /// The port unless another is chosen.
    public int standardPort() {
        return standardPort;
    }

    /// The service that listens on this port, or the component itself.
    public Component owningService() {
        return services().stream()
                .filter(each -> label.startsWith(each.label + "-"))
                .findFirst()
                .orElse(this);
    }

    /// The component with the internal API of a service.
    public Component internal() {
        return this == ORDER_SERVICE ? ORDER_SERVICE_INTERNAL : this;
    }

    /// The component of a service beside its main port, or the service itself.
    Component additional() {
        return switch (this) {
            case ORDER_SERVICE -> ORDER_SERVICE_INTERNAL;
            case OPERATIONS_CONSOLE -> OPERATIONS_CONSOLE_PAGES;
            default -> this;
        };
    }

    /// The component with health and metrics of a service.
    public Component management() {
        return valueOf(name() + "_MANAGEMENT");
    }

    /// The application that the main method of a service runs.
    ///
    /// @throws java.util.NoSuchElementException when it is not a service
    public SpringApplicationBuilder application() {
        return service().orElseThrow().application().get();
    }

    /// How to start it, if it is a service.
    Optional<ServiceComponent> service() {
        return Optional.ofNullable(service);
    }

    /// All services.
    public static List<Component> services() {
        return Arrays.stream(values()).filter(component -> component.service != null).toList();
    }

    /// @param name the configuration name
    /// @param database the name of its database and database user
    /// @param application the application that its main method runs
    record ServiceComponent(
            String name, String database, Supplier<SpringApplicationBuilder> application) {}
}
