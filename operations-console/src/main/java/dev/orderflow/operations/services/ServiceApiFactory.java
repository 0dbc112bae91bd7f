package dev.orderflow.operations.services;

import dev.orderflow.defaults.security.InternalRestClientFactory;
import dev.orderflow.operations.OperationsProperties;
import java.net.URI;
import java.time.Duration;
import org.springframework.stereotype.Component;

/// Creates clients of the services' internal APIs. The caller decides how long a response may take.
@Component
public class ServiceApiFactory {

    private final InternalRestClientFactory clients;
    private final OperationsProperties properties;
    private final ServiceAvailability availability;

    ServiceApiFactory(
            InternalRestClientFactory clients,
            OperationsProperties properties,
            ServiceAvailability availability) {
        this.clients = clients;
        this.properties = properties;
        this.availability = availability;
    }

    private ServiceApi create(String service, URI url, Duration readTimeout) {
        return new ServiceApi(service, clients.create(url, readTimeout), availability);
    }

    public ServiceApi orderService(Duration readTimeout) {
        return create("order-service", properties.orderService().url(), readTimeout);
    }

    /// Sends the access token of the operator whose request is being handled, so that order-service
    /// verifies and records the same person.
    public ServiceApi orderServiceForOperators(Duration readTimeout) {
        return new ServiceApi(
                "order-service",
                clients.createForOperators(properties.orderService().url(), readTimeout));
    }

    public ServiceApi inventoryService(Duration readTimeout) {
        return create("inventory-service", properties.inventoryService().url(), readTimeout);
    }

    public ServiceApi paymentService(Duration readTimeout) {
        return create("payment-service", properties.paymentService().url(), readTimeout);
    }

    /// As [#orderServiceForOperators], for payment-service.
    public ServiceApi paymentServiceForOperators(Duration readTimeout) {
        return new ServiceApi(
                "payment-service",
                clients.createForOperators(properties.paymentService().url(), readTimeout));
    }

    public ServiceApi shippingService(Duration readTimeout) {
        return create("shipping-service", properties.shippingService().url(), readTimeout);
    }

    public ServiceApi analyticsService(Duration readTimeout) {
        return create("analytics-service", properties.analyticsService().url(), readTimeout);
    }

    public ServiceApi notificationService(Duration readTimeout) {
        return create("notification-service", properties.notificationService().url(), readTimeout);
    }
}
