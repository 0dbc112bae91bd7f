package dev.orderflow.payment.domain;

import dev.orderflow.contracts.value.Money;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is known of a payment. Each state carries what is known by then.
public sealed interface PaymentState {

    /// The state in one word.
    PaymentStatus status();

    /// What was taken, if anything.
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

    /// What was given back, as far as it was asked for here, if anything.
    default Optional<Money> refundedAmount() {
        return switch (this) {
            case Refunding(var _, var _, var refunded, var _) -> Optional.ofNullable(refunded);
            case Refunded(var _, var _, var refunded) -> Optional.of(refunded);
            case PaymentState _ -> Optional.empty();
        };
    }

    /// The intent of a payment of which all is known.
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

    /// Asked for; no intent is stored, so none was confirmed and nothing can be charged.
    record Requested() implements PaymentState {
        @Override
        public PaymentStatus status() {
            return PaymentStatus.REQUESTED;
        }
    }

    /// An intent exists that nobody has confirmed: nothing is charged.
    record IntentCreated(IntentId intent) implements PaymentState {
        @Override
        public PaymentStatus status() {
            return PaymentStatus.REQUESTED;
        }
    }

    /// The gateway was asked for something and nobody knows whether it did it.
    ///
    /// A payment enters such a state before the call and leaves it by the answer, so that a
    /// process that dies in between leaves the truth behind.
    sealed interface UnknownOutcome extends PaymentState {

        IntentId intent();

        /// What the gateway was asked for.
        PaymentOperationType operation();

        /// The state to go back to when the gateway turns out never to have done it.
        PaymentState stateIfNotDone();

        @Override
        default PaymentStatus status() {
            return PaymentStatus.UNKNOWN;
        }
    }

    /// The money may be held.
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

    /// The money is held, and may be taken.
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

    /// The tombstone: no authorisation gets past it, and the intent is cancelled until the
    /// gateway says so.
    record Voiding(IntentId intent) implements UnknownOutcome {
        @Override
        public PaymentOperationType operation() {
            return PaymentOperationType.VOID;
        }

        /// A void is never given up.
        @Override
        public PaymentState stateIfNotDone() {
            return this;
        }
    }

    /// The money was taken, and a part of it or all of it may be given back.
    ///
    /// @param refunded what was given back before, if anything
    /// @param refund what is being given back now
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

        /// The state once the gateway has given it back.
        public Refunded stateWhenDone() {
            return new Refunded(
                    intent,
                    captured,
                    refunded == null ? refund.amount() : refunded.plus(refund.amount()));
        }
    }

    /// One of the refunds of a payment.
    ///
    /// @param key the idempotency key of the request that asked for it
    record PendingRefund(String key, Money amount) {}

    /// The money is held.
    record Authorized(IntentId intent) implements PaymentState {
        @Override
        public PaymentStatus status() {
            return PaymentStatus.AUTHORIZED;
        }
    }

    /// Nothing is charged, and will not be.
    ///
    /// @param intent none, when the gateway refused the means of payment before it made one
    record Declined(@Nullable IntentId intent, String code) implements PaymentState {
        @Override
        public PaymentStatus status() {
            return PaymentStatus.DECLINED;
        }
    }

    /// The money is taken.
    record Captured(IntentId intent, Money captured) implements PaymentState {
        @Override
        public PaymentStatus status() {
            return PaymentStatus.CAPTURED;
        }
    }

    /// The money, or a part of it, is given back.
    ///
    /// @param refunded all that was given back, as far as it was asked for here
    record Refunded(IntentId intent, Money captured, Money refunded) implements PaymentState {

        public Refunded {
            if (!refunded.isWithin(captured)) {
                throw new IllegalArgumentException(
                        "refunded must be within %s but was %s".formatted(captured, refunded));
            }
        }

        @Override
        public PaymentStatus status() {
            return PaymentStatus.REFUNDED;
        }
    }

    /// The tombstone, at rest: nothing is charged, and a late authorisation is refused for good.
    ///
    /// @param intent none, when the void came before anything was stored that could have been
    ///     charged
    record Voided(@Nullable IntentId intent) implements PaymentState {
        @Override
        public PaymentStatus status() {
            return PaymentStatus.VOIDED;
        }
    }
}
