package dev.orderflow.operations.orders;

import java.util.Optional;
import java.util.stream.Stream;

/// A state that an order never leaves. The names are those of order-service.
public enum FinalOrderState {
    SHIPPED,
    REJECTED,
    CANCELLED;

    /// The final state with this name.
    ///
    /// @param state a state as order-service names it
    /// @return empty when the order may still leave the state
    public static Optional<FinalOrderState> of(String state) {
        return Stream.of(values()).filter(known -> known.name().equals(state)).findFirst();
    }

    /// Whether the order ended without a shipment.
    public boolean isUnshipped() {
        return this != SHIPPED;
    }
}
