package dev.orderflow.contracts.value;

import java.util.Optional;
import java.util.stream.Stream;

/// The state of an order, as the APIs of order-service name it.
public enum OrderStateCode {

    /// Accepted; the workflow reserves stock and authorises the payment.
    PENDING,

    /// Stock is reserved and the payment is authorised.
    CONFIRMED,

    /// Shipping has the dispatch permit.
    DISPATCHING,

    /// The order was cancelled before the dispatch permit was granted.
    CANCEL_REQUESTED,

    /// The carrier has the parcel and the money is captured.
    SHIPPED,

    /// Ended without a shipment, for a reason of the shop, the payment or the carrier.
    REJECTED,

    /// Ended without a shipment, because it was cancelled.
    CANCELLED;

    /// The state with this name.
    ///
    /// @return empty for a name that this release does not know
    public static Optional<OrderStateCode> of(String name) {
        return Stream.of(values()).filter(state -> state.name().equals(name)).findFirst();
    }

    /// Whether an order never leaves this state.
    public boolean isFinal() {
        return switch (this) {
            case SHIPPED, REJECTED, CANCELLED -> true;
            case PENDING, CONFIRMED, DISPATCHING, CANCEL_REQUESTED -> false;
        };
    }

    /// Whether a cancellation of the order is accepted and changes its state.
    public boolean isCancellable() {
        return switch (this) {
            case PENDING, CONFIRMED -> true;
            case DISPATCHING, CANCEL_REQUESTED, SHIPPED, REJECTED, CANCELLED -> false;
        };
    }

    /// Whether the order ended without a shipment.
    public boolean isUnshippedFinal() {
        return isFinal() && this != SHIPPED;
    }
}
