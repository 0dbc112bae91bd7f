package dev.orderflow.operations.orders;

import dev.orderflow.contracts.value.OrderStateCode;

/// The state of an order at this moment, as far as it is known.
public sealed interface OrderSnapshot {

    /// order-service knows the order.
    record KnownOrder(String state, boolean needsAttention) implements OrderSnapshot {

        /// Whether the order can no longer change its state.
        public boolean isFinal() {
            return OrderStateCode.of(state).filter(OrderStateCode::isFinal).isPresent();
        }
    }

    /// order-service does not know the order.
    record NoSuchOrder() implements OrderSnapshot {}

    /// order-service did not respond, so the state is unknown.
    record OrderServiceUnavailable() implements OrderSnapshot {}

    /// The state as text for operators.
    default String label() {
        return switch (this) {
            case KnownOrder(var state, var attention) ->
                    attention ? state + " (needs attention)" : state;
            case NoSuchOrder _ -> "unknown";
            case OrderServiceUnavailable _ -> "order-service unavailable";
        };
    }
}
