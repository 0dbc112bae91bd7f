package dev.orderflow.sandboxes.gateway;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The test cards, by [Stripe's names](https://docs.stripe.com/testing) and two more.
enum TestCard {
    VISA("pm_card_visa", "Pays."),
    VISA_DEBIT("pm_card_visa_debit", "Pays."),
    MASTERCARD("pm_card_mastercard", "Pays."),
    AMEX("pm_card_amex", "Pays."),
    DECLINED("pm_card_chargeDeclined", "card_declined", "generic_decline"),
    INSUFFICIENT_FUNDS(
            "pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
    LOST("pm_card_chargeDeclinedLostCard", "card_declined", "lost_card"),
    STOLEN("pm_card_chargeDeclinedStolenCard", "card_declined", "stolen_card"),
    EXPIRED("pm_card_chargeDeclinedExpiredCard", "expired_card", null),
    INCORRECT_CVC("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", null),
    PROCESSING_ERROR("pm_card_chargeDeclinedProcessingError", "processing_error", null),
    AUTHENTICATION_REQUIRED(
            "pm_card_authenticationRequired", "authentication_required", "authentication_required"),
    /// Not in Stripe: charged, and the first response is late.
    SLOW("pm_card_slow", "Pays; the first response is late."),
    /// Not in Stripe: charged, and the first time the connection is closed without a response.
    ANSWER_LOST(
            "pm_card_answerLost",
            "Pays; the first time the connection is closed without a response.");

    private final String id;
    private final @Nullable String code;
    private final @Nullable String declineCode;
    private final String effect;

    TestCard(String id, String effect) {
        this(id, null, null, effect);
    }

    TestCard(String id, String code, @Nullable String declineCode) {
        this(
                id,
                code,
                declineCode,
                "Is declined: "
                        + Objects.requireNonNullElse(declineCode, code).replace('_', ' ')
                        + ".");
    }

    TestCard(String id, @Nullable String code, @Nullable String declineCode, String effect) {
        this.id = id;
        this.code = code;
        this.declineCode = declineCode;
        this.effect = effect;
    }

    static Optional<TestCard> of(String id) {
        return Arrays.stream(values()).filter(card -> card.id.equals(id)).findFirst();
    }

    String id() {
        return id;
    }

    /// The error code of a declined charge; null when it succeeds.
    @Nullable String code() {
        return code;
    }

    @Nullable String declineCode() {
        return declineCode;
    }

    /// What happens to a payment with it, as one sentence for people.
    String effect() {
        return effect;
    }
}
