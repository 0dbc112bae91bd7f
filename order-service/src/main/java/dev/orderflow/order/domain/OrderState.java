package dev.orderflow.order.domain;

import dev.orderflow.contracts.value.OrderStateCode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The state of an order.
public sealed interface OrderState {

    /// The workflow of the order is still running; the state will change.
    sealed interface Open extends OrderState {}

    /// The state never changes again ([OrderStateCode#isFinal()]). In SQL this is the column
    /// `orders.is_final`.
    sealed interface Final extends OrderState {}

    /// Accepted; the workflow reserves stock and authorises the payment.
    record Pending() implements Open {}

    /// Stock is reserved and the payment is authorised.
    record Confirmed() implements Open {}

    /// Shipping has the dispatch permit, so it is too late to cancel.
    record Dispatching() implements Open {}

    /// The customer cancelled before the dispatch permit was granted; nothing will be dispatched.
    record CancelRequested() implements Open {}

    /// The carrier has the parcel and the money is captured.
    record Shipped() implements Final {}

    /// Rejected by us: nothing is charged and no stock or authorisation is left.
    record Rejected(RejectionReason reason) implements Final {}

    /// Cancelled by the customer: nothing is charged and no stock or authorisation is left.
    record Cancelled() implements Final {}

    /// Returns the state with the given code.
    ///
    /// @param reason the rejection reason, required for REJECTED
    /// @throws IllegalArgumentException when the code is unknown or the reason is missing
    static OrderState of(String code, @Nullable String reason) {
        var known =
                OrderStateCode.of(code)
                        .orElseThrow(
                                () -> new IllegalArgumentException("unknown order state " + code));
        return switch (known) {
            case PENDING -> new Pending();
            case CONFIRMED -> new Confirmed();
            case DISPATCHING -> new Dispatching();
            case CANCEL_REQUESTED -> new CancelRequested();
            case SHIPPED -> new Shipped();
            case REJECTED -> {
                if (reason == null) {
                    throw new IllegalArgumentException("REJECTED needs a rejection reason");
                }
                yield new Rejected(RejectionReason.valueOf(reason));
            }
            case CANCELLED -> new Cancelled();
        };
    }

    /// The name of the state in the API and in the database.
    default String code() {
        return toCode().name();
    }

    private OrderStateCode toCode() {
        return switch (this) {
            case Pending _ -> OrderStateCode.PENDING;
            case Confirmed _ -> OrderStateCode.CONFIRMED;
            case Dispatching _ -> OrderStateCode.DISPATCHING;
            case CancelRequested _ -> OrderStateCode.CANCEL_REQUESTED;
            case Shipped _ -> OrderStateCode.SHIPPED;
            case Rejected _ -> OrderStateCode.REJECTED;
            case Cancelled _ -> OrderStateCode.CANCELLED;
        };
    }

    /// Why the order was rejected; empty in every other state.
    default Optional<RejectionReason> rejectionReason() {
        return this instanceof Rejected(var reason) ? Optional.of(reason) : Optional.empty();
    }

    /// The `orderVersion` that the order's events carry: 1 created, 2 in progress, 3 final.
    /// Consumers ignore an event with a lower version than one they have seen.
    default int version() {
        return switch (this) {
            case Pending _ -> 1;
            case Confirmed _, Dispatching _, CancelRequested _ -> 2;
            case Final _ -> 3;
        };
    }
}
