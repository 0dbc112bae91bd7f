package dev.orderflow.operations.orders;

/// An order at this moment.
public sealed interface OrderSnapshot {

    /// order-service knows it.
    record KnownOrder(String state, boolean needsAttention) implements OrderSnapshot {

        /// Whether nothing changes any more.
        public boolean isFinal() {
            return FinalOrderState.of(state).isPresent();
        }
    }

    /// order-service has never heard of it.
    record NoSuchOrder() implements OrderSnapshot {}

    /// order-service did not answer, so nothing can be said.
    record OrderServiceUnavailable() implements OrderSnapshot {}

    /// One word for tables.
    default String label() {
        return switch (this) {
            case KnownOrder(var state, var attention) -> attention ? state + "!" : state;
            case NoSuchOrder _ -> "unknown";
            case OrderServiceUnavailable _ -> "no answer";
        };
    }
}
