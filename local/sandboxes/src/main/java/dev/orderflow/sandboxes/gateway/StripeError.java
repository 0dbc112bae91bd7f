package dev.orderflow.sandboxes.gateway;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An error in the format and words of Stripe.
final class StripeError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Map<String, Object> error = new LinkedHashMap<>();

    private StripeError(int status, String type, @Nullable String code, String message) {
        super(message);
        this.status = status;
        with("type", type).with("code", code).with("message", message);
    }

    static StripeError invalid(@Nullable String code, @Nullable String param, String message) {
        return new StripeError(400, "invalid_request_error", code, message).with("param", param);
    }

    static StripeError missing(String what, String param, String id) {
        return new StripeError(
                        param.equals("payment_method") ? 400 : 404,
                        "invalid_request_error",
                        "resource_missing",
                        "No such %s: '%s'".formatted(what, id))
                .with("param", param);
    }

    static StripeError unauthorized(String message) {
        return new StripeError(401, "invalid_request_error", null, message);
    }

    static StripeError notHere(String method, String path) {
        return new StripeError(
                404,
                "invalid_request_error",
                null,
                "Unrecognized request URL (%s: %s). The sandbox gateway supports payment intents, refunds and events only."
                        .formatted(method, path));
    }

    static StripeError card(TestCard card) {
        return new StripeError(
                        402, "card_error", card.code(), "The test card declines every charge.")
                .with("decline_code", card.declineCode());
    }

    static StripeError otherParameters(String key) {
        return new StripeError(
                400,
                "idempotency_error",
                null,
                "Keys for idempotent requests can only be used with the same parameters they were first used with."
                        + " Try using a key other than '%s' if you meant to execute a different request."
                                .formatted(key));
    }

    static StripeError keyInUse(String key) {
        return new StripeError(
                409,
                "idempotency_error",
                "idempotency_key_in_use",
                "There is currently another in-progress request with the idempotency key '%s'."
                        .formatted(key));
    }

    static StripeError rateLimit() {
        return new StripeError(
                429, "invalid_request_error", "rate_limit", "Too many requests in a short time.");
    }

    static StripeError ours(int status, String message) {
        return new StripeError(status, "api_error", null, message);
    }

    StripeError with(String name, @Nullable Object value) {
        if (value != null) {
            error.put(name, value);
        }
        return this;
    }

    GatewayResponse reply() {
        return GatewayResponse.json(status, Map.of("error", error));
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
