package dev.orderflow.payment.stripe;

import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.StripeException;
import dev.orderflow.defaults.problem.FailureDescription;
import dev.orderflow.payment.gateway.GatewayResult;
import dev.orderflow.payment.gateway.GatewayResult.GatewayUnreachable;
import dev.orderflow.payment.gateway.GatewayResult.KeyConflict;
import dev.orderflow.payment.gateway.GatewayResult.PaymentMethodDeclined;
import dev.orderflow.payment.gateway.GatewayResult.RefusalSubject;
import dev.orderflow.payment.gateway.GatewayResult.RequestRefused;
import dev.orderflow.payment.gateway.GatewayResult.ResultUnknown;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the errors of Stripe mean for a request.
final class StripeErrors {

    private static final Logger log = LoggerFactory.getLogger(StripeErrors.class);

    private StripeErrors() {}

    /// Errors of the payment method; another one may be accepted. All codes that start with
    /// `payment_method_` belong to them too.
    private static final Set<String> PAYMENT_METHOD_CODES =
            Set.of(
                    "payment_intent_action_required",
                    "payment_intent_authentication_failure",
                    "payment_intent_incompatible_payment_method",
                    "payment_intent_payment_attempt_expired",
                    "payment_intent_payment_attempt_failed");

    /// Errors of the amount or currency; another amount may be accepted.
    private static final Set<String> AMOUNT_CODES =
            Set.of("amount_too_large", "amount_too_small", "invalid_charge_amount");

    /// The authorisation has expired.
    private static final Set<String> AUTHORIZATION_EXPIRED_CODES =
            Set.of("charge_expired_for_capture", "capture_charge_authorization_expired");

    /// Stripe answers these with a 4xx status although the request is valid and may succeed later.
    private static final Set<String> TRANSIENT_CODES = Set.of("lock_timeout", "rate_limit");

    /// Interprets an error by [its status, type and code](https://docs.stripe.com/api/errors). Only
    /// a request that was certainly not processed is reported as not done. A response that is not
    /// Stripe's own, such as a proxy's, leaves the outcome unknown.
    ///
    /// | error | meaning |
    /// |---|---|
    /// | no connection | not done, may succeed later |
    /// | connection lost, time-out | unknown |
    /// | 401, 403 (our key), 429, `lock_timeout`, `rate_limit` | not done, may succeed later |
    /// | 402, errors about the payment method | not done, declined |
    /// | `idempotency_error` | this call not done; the earlier one with the key unknown |
    /// | 409 | another call with the key is being processed: unknown |
    /// | any other 4xx with an error of Stripe's | not done, refused permanently |
    /// | 424, 5xx | unknown, and stored under the key |
    /// | anything else | unknown |
    static GatewayResult interpret(StripeException failure) {
        int status = failure.getStatusCode() == null ? 0 : failure.getStatusCode();
        if (failure instanceof ApiConnectionException) {
            return isConnectFailure(failure)
                    ? new GatewayUnreachable(describe(failure))
                    : new ResultUnknown(describe(failure), false);
        }
        var error = failure.getStripeError();
        if (error == null || status == 409) {
            return new ResultUnknown(FailureDescription.describeStatus(status), status >= 500);
        }
        if (status >= 500 || status == 424) {
            return new ResultUnknown(FailureDescription.describeStatus(status), true);
        }
        if ("idempotency_error".equals(error.getType())) {
            log.info("Stripe knows an idempotency key with other parameters");
            return new KeyConflict();
        }
        var code = firstPresent(failure.getCode(), null, "invalid_request");
        if (AUTHORIZATION_EXPIRED_CODES.contains(code)) {
            return new RequestRefused(code, RefusalSubject.AUTHORIZATION);
        }
        return switch (status) {
            case 401, 403 -> {
                log.error(
                        "Stripe rejected the API key with HTTP status {}; check"
                                + " orderflow.payment.gateway.api-key",
                        status);
                yield new GatewayUnreachable("API key rejected");
            }
            case 402 ->
                    new PaymentMethodDeclined(
                            firstPresent(
                                    error.getDeclineCode(), failure.getCode(), "card_declined"));
            case 429 -> new GatewayUnreachable("too many requests");
            default -> refusal(status, code, error.getParam());
        };
    }

    private static GatewayResult refusal(int status, String code, @Nullable String param) {
        if (status < 400 || status >= 500) {
            return new ResultUnknown(FailureDescription.describeStatus(status), false);
        }
        if (TRANSIENT_CODES.contains(code)) {
            return new GatewayUnreachable(code);
        }
        if ("payment_method".equals(param)
                || code.startsWith("payment_method_")
                || PAYMENT_METHOD_CODES.contains(code)) {
            return new PaymentMethodDeclined(code);
        }
        return new RequestRefused(
                code,
                AMOUNT_CODES.contains(code) || "amount".equals(param) || "currency".equals(param)
                        ? RefusalSubject.AMOUNT
                        : RefusalSubject.OTHER);
    }

    /// A failed call in words.
    static String describe(StripeException failure) {
        return failure.getStatusCode() == null || failure.getStatusCode() == 0
                ? FailureDescription.of(failure.getCause() == null ? failure : failure.getCause())
                : FailureDescription.describeStatus(failure.getStatusCode());
    }

    private static boolean isConnectFailure(StripeException failure) {
        return failure.getCause() instanceof ConnectException
                || failure.getCause() instanceof SSLHandshakeException
                || failure.getCause() instanceof HttpConnectTimeoutException;
    }

    static String firstPresent(@Nullable String first, @Nullable String second, String otherwise) {
        return first != null ? first : second != null ? second : otherwise;
    }
}
