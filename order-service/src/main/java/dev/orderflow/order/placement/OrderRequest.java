package dev.orderflow.order.placement;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.contracts.value.Sku;
import dev.orderflow.order.domain.DeliveryDetails;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a customer wants to buy. It names no price.
///
/// @param paymentMethodId what the gateway knows the payment method by
/// @param traceparent of the request, passed on with every event
public record OrderRequest(
        CustomerRef customer,
        List<RequestedLine> lines,
        String paymentMethodId,
        DeliveryDetails delivery,
        @Nullable String traceparent) {

    /// So many of one article.
    public record RequestedLine(Sku sku, int quantity) {}

    public OrderRequest {
        lines = List.copyOf(lines);
    }

    /// Within what an idempotency key means one request: the orders of one customer.
    public static String idempotencyScope(CustomerRef customer) {
        return "POST /orders by " + customer;
    }

    /// Leaves out what identifies a person or a means of payment.
    @Override
    public String toString() {
        return "OrderRequest[customer=" + customer + ", lines=" + lines + "]";
    }
}
