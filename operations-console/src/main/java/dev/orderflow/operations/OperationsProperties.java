package dev.orderflow.operations;

import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// Whom the console asks.
///
/// @param stateMachineArn the workflow whose failed executions are listed and redriven
/// @param orderUrl where order-service's internal API is
/// @param inventoryUrl where inventory-service's internal API is
/// @param paymentUrl where payment-service's internal API is
/// @param shippingUrl where shipping-service's internal API is
/// @param notificationUrl where notification-service's internal API is
@ConfigurationProperties("orderflow.operations")
public record OperationsProperties(
        String stateMachineArn,
        URI orderUrl,
        URI inventoryUrl,
        URI paymentUrl,
        URI shippingUrl,
        URI notificationUrl) {}
