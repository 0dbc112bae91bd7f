package dev.orderflow.operations.services;

import dev.orderflow.defaults.security.InternalRestClientFactory;
import dev.orderflow.operations.OperationsProperties;
import java.time.Duration;
import org.springframework.stereotype.Component;

/// Creates clients of the services' internal APIs. The caller decides how long a response may take.
@Component
public class ServiceApiFactory {

    private final InternalRestClientFactory clients;
    private final OperationsProperties properties;

    ServiceApiFactory(InternalRestClientFactory clients, OperationsProperties properties) {
        this.clients = clients;
        this.properties = properties;
    }

    public ServiceApi orderService(Duration readTimeout) {
        return new ServiceApi(
                "order-service", clients.create(properties.orderService().url(), readTimeout));
    }

    /// Sends the access token of the operator whose request is being handled, so that order-service
    /// verifies and records the same person.
    public ServiceApi orderServiceForOperators(Duration readTimeout) {
        return new ServiceApi(
                "order-service",
                clients.createForOperators(properties.orderService().url(), readTimeout));
    }

    public ServiceApi inventoryService(Duration readTimeout) {
        return new ServiceApi(
                "inventory-service",
                clients.create(properties.inventoryService().url(), readTimeout));
    }

    public ServiceApi paymentService(Duration readTimeout) {
        return new ServiceApi(
                "payment-service", clients.create(properties.paymentService().url(), readTimeout));
    }

    public ServiceApi shippingService(Duration readTimeout) {
        return new ServiceApi(
                "shipping-service",
                clients.create(properties.shippingService().url(), readTimeout));
    }

    public ServiceApi notificationService(Duration readTimeout) {
        return new ServiceApi(
                "notification-service",
                clients.create(properties.notificationService().url(), readTimeout));
    }
}
