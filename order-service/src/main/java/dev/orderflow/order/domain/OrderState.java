package dev.orderflow.order.domain;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where an order is in its life.
public sealed interface OrderState {

    /// Something will still happen to it.
    sealed interface Open extends OrderState {}

    /// Nothing changes any more.
    sealed interface Final extends OrderState {}

    /// Accepted; the workflow is at work.
    record Pending() implements Open {}

    /// Stock is held and the payment is authorised.
    record Confirmed() implements Open {}

    /// Shipping has the permit to hand the parcel over, so it is too late to cancel.
    record Dispatching() implements Open {}

    /// The customer asked to cancel before the permit was given; nothing will be dispatched.
    record CancelRequested() implements Open {}

    /// The carrier has the parcel and the money is captured.
    record Shipped() implements Final {}

    /// Ended by us: nothing is charged and nothing is held.
    record Rejected(RejectionReason reason) implements Final {}

    /// Ended by the customer in time.
    record Cancelled() implements Final {}

    /// The state that a code names.
    ///
    /// @param reason why it was rejected, when it was
    /// @throws IllegalArgumentException when there is no such state
    static OrderState of(String code, @Nullable String reason) {
        return switch (code) {
            case "PENDING" -> new Pending();
            case "CONFIRMED" -> new Confirmed();
            case "DISPATCHING" -> new Dispatching();
            case "CANCEL_REQUESTED" -> new CancelRequested();
            case "SHIPPED" -> new Shipped();
            case "REJECTED" -> {
                if (reason == null) {
                    throw new IllegalArgumentException("an order is rejected for a reason");
                }
                yield new Rejected(RejectionReason.valueOf(reason));
            }
            case "CANCELLED" -> new Cancelled();
            default -> throw new IllegalArgumentException("no state is called " + code);
        };
    }

    /// The name that the API and the database use.
    default String code() {
        return switch (this) {
            case Pending _ -> "PENDING";
            case Confirmed _ -> "CONFIRMED";
            case Dispatching _ -> "DISPATCHING";
            case CancelRequested _ -> "CANCEL_REQUESTED";
            case Shipped _ -> "SHIPPED";
            case Rejected _ -> "REJECTED";
            case Cancelled _ -> "CANCELLED";
        };
    }

    /// Why the order was rejected, when it was.
    default Optional<RejectionReason> rejectionReason() {
        return this instanceof Rejected(var reason) ? Optional.of(reason) : Optional.empty();
    }

    /// The place in the order's published life, as its events carry it: 1 created, 2 under way,
    /// 3 final.
    default int version() {
        return switch (this) {
            case Pending _ -> 1;
            case Confirmed _, Dispatching _, CancelRequested _ -> 2;
            case Final _ -> 3;
        };
    }
}
