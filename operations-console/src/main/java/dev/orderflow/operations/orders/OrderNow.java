package dev.orderflow.operations.orders;

/// An order at this moment.
public sealed interface OrderNow {

    /// order-service knows it.
    record Known(String state, boolean needsAttention) implements OrderNow {

        /// Whether nothing changes any more.
        public boolean isFinal() {
            return switch (state) {
                case "SHIPPED", "REJECTED", "CANCELLED" -> true;
                default -> false;
            };
        }
    }

    /// order-service has never heard of it.
    record Unknown() implements OrderNow {}

    /// order-service did not answer, so nothing can be said.
    record NoAnswer() implements OrderNow {}

    /// One word for tables.
    default String word() {
        return switch (this) {
            case Known(var state, var attention) -> attention ? state + "!" : state;
            case Unknown _ -> "unknown";
            case NoAnswer _ -> "no answer";
        };
    }
}
