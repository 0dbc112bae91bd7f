package dev.orderflow.operations;

import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// The services that the console calls, and the workflow that it manages.
///
/// @param stateMachineArn the state machine whose failed executions are listed and redriven
/// @param orderUrl the base URL of order-service's internal API
/// @param inventoryUrl the base URL of inventory-service's internal API
/// @param paymentUrl the base URL of payment-service's internal API
/// @param shippingUrl the base URL of shipping-service's internal API
/// @param notificationUrl the base URL of notification-service's internal API
@ConfigurationProperties("orderflow.operations")
public record OperationsProperties(
        String stateMachineArn,
        URI orderUrl,
        URI inventoryUrl,
        URI paymentUrl,
        URI shippingUrl,
        URI notificationUrl) {}
