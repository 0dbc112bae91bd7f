package dev.orderflow.payment.domain;

import dev.orderflow.contracts.value.Money;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The state of a payment. Each state carries the values that are known by then.
public sealed interface PaymentState {

    /// The name of the state in the API and in the table.
    PaymentStateCode code();

    /// The captured amount, if any.
    default Optional<Money> capturedAmount() {
        return switch (this) {
            case Captured(var _, var captured) -> Optional.of(captured);
            case Refunding(var _, var captured, var _, var _) -> Optional.of(captured);
            case Refunded(var _, var captured, var _) -> Optional.of(captured);
            case Requested _,
                    IntentCreated _,
                    Confirming _,
                    Capturing _,
                    Voiding _,
                    Authorized _,
                    Declined _,
                    Voided _ ->
                    Optional.empty();
        };
    }

    /// The sum of the completed refunds that were requested here, if any.
    default Optional<Money> refundedAmount() {
        return switch (this) {
            case Refunding(var _, var _, var refunded, var _) -> Optional.ofNullable(refunded);
            case Refunded(var _, var _, var refunded) -> Optional.of(refunded);
            case PaymentState _ -> Optional.empty();
        };
    }

    /// The intent, if the payment has one and no operation has an unknown outcome.
    default Optional<IntentId> intentIfOutcomeKnown() {
        return switch (this) {
            case Authorized(var intent) -> Optional.of(intent);
            case Captured(var intent, var _) -> Optional.of(intent);
            case Refunded(var intent, var _, var _) -> Optional.of(intent);
            case Declined(var intent, var _) -> Optional.ofNullable(intent);
            case Voided(var intent) -> Optional.ofNullable(intent);
            case Requested _, IntentCreated _, UnknownOutcome _ -> Optional.empty();
        };
    }

    /// Requested. No intent is stored, so none was confirmed and nothing can be charged.
    record Requested() implements PaymentState {
        @Override
        public PaymentStateCode code() {
            return PaymentStateCode.REQUESTED;
        }
    }

    /// An intent exists and is not confirmed, so nothing is charged.
    record IntentCreated(IntentId intent) implements PaymentState {
        @Override
        public PaymentStateCode code() {
            return PaymentStateCode.REQUESTED;
        }
    }

    /// An operation was sent to the gateway and its outcome is unknown.
    ///
    /// A payment enters such a state before the call and leaves it with the gateway's result, so
    /// the stored state is right even when the process dies in between.
    sealed interface UnknownOutcome extends PaymentState {

        IntentId intent();

        /// The operation whose outcome is unknown.
        PaymentOperationType operation();

        /// The state to return to when the gateway has not done the operation.
        PaymentState stateIfNotDone();

        @Override
        default PaymentStateCode code() {
            return PaymentStateCode.UNKNOWN;
        }
    }

    /// The amount may be authorised.
    record Confirming(IntentId intent) implements UnknownOutcome {
        @Override
        public PaymentOperationType operation() {
            return PaymentOperationType.AUTHORIZATION;
        }

        @Override
        public PaymentState stateIfNotDone() {
            return new IntentCreated(intent);
        }
    }

    /// The amount is authorised, and may be captured.
    record Capturing(IntentId intent) implements UnknownOutcome {
        @Override
        public PaymentOperationType operation() {
            return PaymentOperationType.CAPTURE;
        }

        @Override
        public PaymentState stateIfNotDone() {
            return new Authorized(intent);
        }
    }

    /// A later authorisation is refused, and the cancellation of the intent is repeated until the
    /// gateway confirms it.
    record Voiding(IntentId intent) implements UnknownOutcome {
        @Override
        public PaymentOperationType operation() {
            return PaymentOperationType.VOID;
        }

        /// A void is repeated until it succeeds.
        @Override
        public PaymentState stateIfNotDone() {
            return this;
        }
    }

    /// The amount is captured, and a refund of a part of it or of all of it may have been made.
    ///
    /// @param refunded the sum of the refunds before this one; null when there was none
    /// @param refund the refund whose outcome is unknown
    record Refunding(
            IntentId intent, Money captured, @Nullable Money refunded, PendingRefund refund)
            implements UnknownOutcome {
        @Override
        public PaymentOperationType operation() {
            return PaymentOperationType.REFUND;
        }

        @Override
        public PaymentState stateIfNotDone() {
            return refunded == null
                    ? new Captured(intent, captured)
                    : new Refunded(intent, captured, refunded);
        }

        /// The state after the refund was made.
        public Refunded stateWhenDone() {
            return new Refunded(
                    intent,
                    captured,
                    refunded == null ? refund.amount() : refunded.plus(refund.amount()));
        }
    }

    /// A refund whose outcome is unknown.
    ///
    /// @param key the idempotency key of the refund request
    record PendingRefund(String key, Money amount) {}

    /// The amount is authorised.
    record Authorized(IntentId intent) implements PaymentState {
        @Override
        public PaymentStateCode code() {
            return PaymentStateCode.AUTHORIZED;
        }
    }

    /// The payment method was declined. Nothing is charged.
    ///
    /// @param intent null when the gateway declined the payment method before it created an intent
    /// @param declineCode the gateway's code for the reason
    record Declined(@Nullable IntentId intent, String declineCode) implements PaymentState {
        @Override
        public PaymentStateCode code() {
            return PaymentStateCode.DECLINED;
        }
    }

    /// The amount is captured.
    record Captured(IntentId intent, Money captured) implements PaymentState {
        @Override
        public PaymentStateCode code() {
            return PaymentStateCode.CAPTURED;
        }
    }

    /// The captured amount is refunded, in whole or in part.
    ///
    /// @param refunded the sum of the refunds that were requested here or accepted by an operator
    record Refunded(IntentId intent, Money captured, Money refunded) implements PaymentState {

        public Refunded {
            if (!refunded.isWithin(captured)) {
                throw new IllegalArgumentException(
                        "refunded must be within %s but was %s".formatted(captured, refunded));
            }
        }

        @Override
        public PaymentStateCode code() {
            return PaymentStateCode.REFUNDED;
        }
    }

    /// Voided. Nothing is charged, and a later authorisation is refused.
    ///
    /// @param intent null when the void came before an intent was stored
    record Voided(@Nullable IntentId intent) implements PaymentState {
        @Override
        public PaymentStateCode code() {
            return PaymentStateCode.VOIDED;
        }
    }
}
