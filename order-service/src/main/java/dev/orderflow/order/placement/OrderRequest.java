package dev.orderflow.order.placement;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.contracts.value.Sku;
import dev.orderflow.order.domain.DeliveryDetails;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A validated request to place an order. It contains no prices.
///
/// @param paymentMethodId the payment gateway's id of the payment method
/// @param traceparent the W3C trace parent of the request, which the order's events carry
public record OrderRequest(
        CustomerRef customer,
        List<RequestedLine> lines,
        String paymentMethodId,
        DeliveryDetails delivery,
        @Nullable String traceparent) {

    /// A quantity of one article.
    public record RequestedLine(Sku sku, int quantity) {}

    public OrderRequest {
        lines = List.copyOf(lines);
    }

    /// The scope of an idempotency key: the placement of orders by one customer.
    public static String idempotencyScope(CustomerRef customer) {
        return "POST /orders by " + customer;
    }

    /// Omits personal data and the payment method.
    @Override
    public String toString() {
        return "OrderRequest[customer=" + customer + ", lines=" + lines + "]";
    }
}
