package dev.orderflow.shipping.arrangement;

import java.util.UUID;

/// Where the leave to hand a parcel over is asked for. Asking again gives the same answer.
public interface PermitDesk {

    Decision ask(UUID orderId);

    /// What the desk says.
    sealed interface Decision {

        /// Go ahead. The order can no longer be cancelled.
        record Granted(Parcel parcel) implements Decision {}

        /// Never: the order is cancelled or has ended.
        record Denied() implements Decision {}

        /// Nobody there knows the order.
        record UnknownOrder() implements Decision {}

        /// No answer, or none that can be understood.
        ///
        /// @param why for the log, without anything of the answer
        record NoAnswer(String why) implements Decision {}
    }
}
