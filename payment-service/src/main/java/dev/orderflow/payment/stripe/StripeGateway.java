package dev.orderflow.payment.stripe;

import com.stripe.StripeClient;
import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.Event;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.net.RequestOptions;
import com.stripe.param.EventListParams;
import com.stripe.param.PaymentIntentCancelParams;
import com.stripe.param.PaymentIntentCaptureParams;
import com.stripe.param.PaymentIntentConfirmParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentRetrieveParams;
import com.stripe.param.PaymentIntentSearchParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.RefundListParams;
import com.stripe.service.EventService;
import com.stripe.service.PaymentIntentService;
import com.stripe.service.RefundService;
import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.PaymentMethodId;
import dev.orderflow.defaults.tracing.RedactedException;
import dev.orderflow.payment.domain.IntentId;
import dev.orderflow.payment.domain.IntentStatus;
import dev.orderflow.payment.domain.RefundReason;
import dev.orderflow.payment.gateway.GatewayResult;
import dev.orderflow.payment.gateway.GatewayResult.GatewayUnreachable;
import dev.orderflow.payment.gateway.GatewayResult.KeyConflict;
import dev.orderflow.payment.gateway.GatewayResult.PaymentMethodDeclined;
import dev.orderflow.payment.gateway.GatewayResult.RefusalSubject;
import dev.orderflow.payment.gateway.GatewayResult.RequestRefused;
import dev.orderflow.payment.gateway.GatewayResult.ResultUnknown;
import dev.orderflow.payment.gateway.GatewayResult.StatusReported;
import dev.orderflow.payment.gateway.PaymentGateway;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Moves money through Stripe's PaymentIntents.
@Component
public final class StripeGateway implements PaymentGateway {

    private static final Logger log = LoggerFactory.getLogger(StripeGateway.class);

    /// Stripe takes no more of them in a search.
    private static final int MAX_SEARCH_CLAUSES = 10;

    /// How long a hold lasts at least, when Stripe does not say. Card networks let go of an online
    /// payment after 5 to 7 days
    /// ([Stripe](https://docs.stripe.com/payments/place-a-hold-on-a-payment-method)).
    private static final Duration MIN_AUTHORIZATION_VALIDITY = Duration.ofDays(4);

    /// Names the refund for [#findRefund].
    private static final String REFUND_KEY = "refund_key";

    private static final String ORDER_ID = "order_id";

    /// What gives back or lets go of money, whoever asked for it.
    private static final List<String> REFUND_AND_CANCEL_EVENTS =
            List.of(
                    "charge.refunded",
                    "charge.expired",
                    "payment_intent.canceled",
                    "refund.failed");

    /// Another payment method might be taken. Beside these, all codes that start with
    /// `payment_method_`.
    private static final Set<String> PAYMENT_METHOD_CODES =
            Set.of(
                    "payment_intent_action_required",
                    "payment_intent_authentication_failure",
                    "payment_intent_incompatible_payment_method",
                    "payment_intent_payment_attempt_expired",
                    "payment_intent_payment_attempt_failed");

    /// Another amount or currency might be taken.
    private static final Set<String> AMOUNT_CODES =
            Set.of("amount_too_large", "amount_too_small", "invalid_charge_amount");

    /// The hold's time is over.
    private static final Set<String> AUTHORIZATION_EXPIRED_CODES =
            Set.of("charge_expired_for_capture", "capture_charge_authorization_expired");

    /// Although they are answered as mistakes of the request, nothing is wrong with it.
    private static final Set<String> TRANSIENT_CODES = Set.of("lock_timeout", "rate_limit");

    private final PaymentIntentService intents;
    private final RefundService refunds;
    private final EventService events;

    public StripeGateway(StripeProperties properties) {
        var client =
                StripeClient.builder()
                        .setApiKey(properties.apiKey())
                        .setApiBase(removeTrailingSlash(properties.apiBase().toString()))
                        .setConnectTimeout((int) properties.connectTimeout().toMillis())
                        .setReadTimeout((int) properties.timeout().toMillis())
                        // Whether to repeat is decided where the payment's state is known.
                        .setMaxNetworkRetries(0)
                        .setHttpClient(
                                new JdkStripeTransport(
                                        properties.connectTimeout(), properties.timeout()))
                        .build();
        this.intents = client.v1().paymentIntents();
        this.refunds = client.v1().refunds();
        this.events = client.v1().events();
    }

    @Override
    public GatewayResult createIntent(
            UUID orderId, PaymentMethodId paymentMethod, Money amount, String key) {
        return call(
                () ->
                        intents.create(
                                PaymentIntentCreateParams.builder()
                                        .setAmount(StripeAmount.of(amount))
                                        .setCurrency(StripeAmount.currency(amount))
                                        .setPaymentMethod(paymentMethod.value())
                                        .addPaymentMethodType("card")
                                        .setCaptureMethod(
                                                PaymentIntentCreateParams.CaptureMethod.MANUAL)
                                        .putMetadata(ORDER_ID, orderId.toString())
                                        .build(),
                                withIdempotencyKey(key)));
    }

    @Override
    public GatewayResult confirm(IntentId intent, String key) {
        return call(
                () ->
                        intents.confirm(
                                intent.value(),
                                PaymentIntentConfirmParams.builder()
                                        .setErrorOnRequiresAction(true)
                                        .build(),
                                withIdempotencyKey(key)));
    }

    @Override
    public GatewayResult capture(IntentId intent, Money amount, String key) {
        return call(
                () ->
                        intents.capture(
                                intent.value(),
                                PaymentIntentCaptureParams.builder()
                                        .setAmountToCapture(StripeAmount.of(amount))
                                        .build(),
                                withIdempotencyKey(key)));
    }

    @Override
    public GatewayResult cancel(IntentId intent, String key) {
        return call(
                () ->
                        intents.cancel(
                                intent.value(),
                                PaymentIntentCancelParams.builder()
                                        .setCancellationReason(
                                                PaymentIntentCancelParams.CancellationReason
                                                        .ABANDONED)
                                        .build(),
                                withIdempotencyKey(key)));
    }

    @Override
    public GatewayResult refund(
            UUID orderId, IntentId intent, Money amount, RefundReason reason, String key) {
        return callThenRetrieve(
                () ->
                        refunds.create(
                                RefundCreateParams.builder()
                                        .setPaymentIntent(intent.value())
                                        .setAmount(StripeAmount.of(amount))
                                        .setReason(toStripeReason(reason))
                                        .putMetadata(ORDER_ID, orderId.toString())
                                        .putMetadata(REFUND_KEY, key)
                                        .build(),
                                withIdempotencyKey(key)),
                () -> retrieveStatus(intent));
    }

    @Override
    public GatewayResult retrieveStatus(IntentId intent) {
        return call(() -> retrieve(intent));
    }

    @Override
    public RefundLookup findRefund(IntentId intent, Money amount, String key) {
        try {
            long units = StripeAmount.of(amount);
            boolean unclear = false;
            String after = null;
            while (true) {
                var list =
                        RefundListParams.builder().setPaymentIntent(intent.value()).setLimit(100L);
                if (after != null) {
                    list.setStartingAfter(after);
                }
                var page = refunds.list(list.build());
                for (var refund : page.getData()) {
                    if (isFailedOrCanceled(refund)) {
                        continue;
                    }
                    var named =
                            refund.getMetadata() == null
                                    ? null
                                    : refund.getMetadata().get(REFUND_KEY);
                    if (key.equals(named)) {
                        return new RefundLookup.RefundFound();
                    }
                    unclear |= named == null && refund.getAmount() == units;
                    after = refund.getId();
                }
                if (!Boolean.TRUE.equals(page.getHasMore()) || page.getData().isEmpty()) {
                    return unclear
                            ? new RefundLookup.RefundAmbiguous()
                            : new RefundLookup.RefundAbsent();
                }
            }
        } catch (StripeException failure) {
            return new RefundLookup.RefundLookupFailed(failure.getClass().getSimpleName());
        } catch (RuntimeException unreadable) {
            log.warn("an answer of the gateway cannot be read", RedactedException.of(unreadable));
            return new RefundLookup.RefundLookupFailed("the answer cannot be read");
        }
    }

    /// The money stayed or came back.
    private static boolean isFailedOrCanceled(Refund refund) {
        return "failed".equals(refund.getStatus()) || "canceled".equals(refund.getStatus());
    }

    /// Stripe keeps events for 30 days and lists the newest first; the page that ends before a
    /// known event has the oldest of those after it.
    @Override
    public ChangesResult findChanges(@Nullable String after, int most) {
        var list =
                EventListParams.builder()
                        .addAllType(REFUND_AND_CANCEL_EVENTS)
                        .setLimit((long) most);
        if (after != null) {
            list.setEndingBefore(after);
        }
        try {
            var page = events.list(list.build());
            var newest = page.getData().isEmpty() ? after : page.getData().getFirst().getId();
            return new ChangesResult.ChangesFound(
                    page.getData().stream()
                            .flatMap(event -> orderOf(event).stream())
                            .distinct()
                            .toList(),
                    newest,
                    after == null || !Boolean.TRUE.equals(page.getHasMore()));
        } catch (InvalidRequestException refused) {
            return after != null && "resource_missing".equals(refused.getCode())
                    ? new ChangesResult.CursorExpired()
                    : new ChangesResult.ChangesUnavailable("answered " + refused.getStatusCode());
        } catch (StripeException failure) {
            return new ChangesResult.ChangesUnavailable(failure.getClass().getSimpleName());
        } catch (RuntimeException unreadable) {
            log.warn("an answer of the gateway cannot be read", RedactedException.of(unreadable));
            return new ChangesResult.ChangesUnavailable("the answer cannot be read");
        }
    }

    /// Read from the JSON, since the object's class depends on the version of Stripe's API that the
    /// account had when the event happened. A charge has its intent's metadata.
    private static Optional<UUID> orderOf(Event event) {
        var object = JsonMapper.shared().readTree(event.getDataObjectDeserializer().getRawJson());
        try {
            return Optional.ofNullable(object.path("metadata").path(ORDER_ID).stringValue(null))
                    .map(UUID::fromString);
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    @Override
    public ChargesResult findCharges(Collection<UUID> orderIds) {
        try {
            var charges = new ArrayList<GatewayCharge>();
            for (var some :
                    orderIds.stream()
                            .distinct()
                            .gather(Gatherers.windowFixed(MAX_SEARCH_CLAUSES))
                            .toList()) {
                addCharges(some, charges);
            }
            return new ChargesResult.ChargesFound(List.copyOf(charges));
        } catch (StripeException failure) {
            return new ChargesResult.ChargesUnavailable(failure.getClass().getSimpleName());
        } catch (RuntimeException unreadable) {
            log.warn("an answer of the gateway cannot be read", RedactedException.of(unreadable));
            return new ChargesResult.ChargesUnavailable("the answer cannot be read");
        }
    }

    private void addCharges(List<UUID> orderIds, List<GatewayCharge> charges)
            throws StripeException {
        var query =
                orderIds.stream()
                        .map("metadata['order_id']:'%s'"::formatted)
                        .collect(Collectors.joining(" OR "));
        String page = null;
        do {
            var search =
                    PaymentIntentSearchParams.builder()
                            .setQuery(query)
                            .setLimit(100L)
                            .addExpand("data.latest_charge");
            if (page != null) {
                search.setPage(page);
            }
            var found = intents.search(search.build());
            for (var intent : found.getData()) {
                var order = UUID.fromString(intent.getMetadata().get(ORDER_ID));
                charge(order, intent).ifPresent(charges::add);
            }
            page = Boolean.TRUE.equals(found.getHasMore()) ? found.getNextPage() : null;
        } while (page != null);
    }

    private static Optional<GatewayCharge> charge(UUID orderId, PaymentIntent intent) {
        var amount = StripeAmount.toMoney(intent.getAmount(), intent.getCurrency());
        return switch (statusOf(intent)) {
            case IntentStatus.IntentAuthorized _ ->
                    Optional.of(new GatewayCharge(orderId, amount, null, null));
            case IntentStatus.IntentCaptured(var captured, var refunded) ->
                    Optional.of(new GatewayCharge(orderId, amount, captured, refunded));
            case IntentStatus.IntentUnconfirmed _,
                    IntentStatus.IntentCancelled _,
                    IntentStatus.IntentDeclined _,
                    IntentStatus.IntentProcessing _ ->
                    Optional.empty();
        };
    }

    private PaymentIntent retrieve(IntentId intent) throws StripeException {
        return intents.retrieve(
                intent.value(),
                PaymentIntentRetrieveParams.builder().addExpand("latest_charge").build(),
                null);
    }

    private static RefundCreateParams.Reason toStripeReason(RefundReason reason) {
        return switch (reason) {
            case CUSTOMER_REQUEST -> RefundCreateParams.Reason.REQUESTED_BY_CUSTOMER;
            case DUPLICATE -> RefundCreateParams.Reason.DUPLICATE;
            case FRAUDULENT -> RefundCreateParams.Reason.FRAUDULENT;
        };
    }

    private static RequestOptions withIdempotencyKey(String key) {
        return RequestOptions.builder().setIdempotencyKey(key).build();
    }

    private static String removeTrailingSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    private interface StripeCall<T> {
        T execute() throws StripeException;
    }

    private static GatewayResult call(StripeCall<PaymentIntent> call) {
        return call(
                call, intent -> new StatusReported(new IntentId(intent.getId()), statusOf(intent)));
    }

    /// A refund's answer does not say how the intent stands. When the look at it fails, the
    /// refund was made all the same.
    private static GatewayResult callThenRetrieve(
            StripeCall<Refund> refund, Supplier<GatewayResult> look) {
        return call(
                refund,
                made ->
                        isFailedOrCanceled(made)
                                ? new RequestRefused("refund_failed", RefusalSubject.OTHER)
                                : look.get() instanceof StatusReported seen
                                        ? seen
                                        : new ResultUnknown("refunded, and not seen since", false));
    }

    private static <T> GatewayResult call(StripeCall<T> call, Function<T, GatewayResult> meaning) {
        try {
            return meaning.apply(call.execute());
        } catch (StripeException failure) {
            return interpret(failure);
        } catch (ArithmeticException inexpressible) {
            return new RequestRefused("amount_not_supported", RefusalSubject.AMOUNT);
        } catch (RuntimeException unreadable) {
            // Stripe's client met something it was not made for; the request may have been done.
            log.warn("an answer of the gateway cannot be read", RedactedException.of(unreadable));
            return new ResultUnknown("the answer cannot be read", false);
        }
    }

    private static IntentStatus statusOf(PaymentIntent intent) {
        return switch (intent.getStatus()) {
            case "requires_confirmation" -> new IntentStatus.IntentUnconfirmed();
            case "requires_capture" -> new IntentStatus.IntentAuthorized(authorizedUntil(intent));
            case "succeeded" -> capturedStatus(intent);
            case "canceled" -> new IntentStatus.IntentCancelled();
            case "requires_payment_method" -> {
                var error = intent.getLastPaymentError();
                if (error == null) {
                    yield new IntentStatus.IntentUnconfirmed();
                }
                yield new IntentStatus.IntentDeclined(
                        code(error.getDeclineCode(), error.getCode(), "card_declined"));
            }
            case "requires_action" -> new IntentStatus.IntentDeclined("authentication_required");
            default -> new IntentStatus.IntentProcessing();
        };
    }

    private static @Nullable Instant authorizedUntil(PaymentIntent intent) {
        var charge = intent.getLatestChargeObject();
        if (charge == null) {
            return null;
        }
        var details = charge.getPaymentMethodDetails();
        var before =
                details == null || details.getCard() == null
                        ? null
                        : details.getCard().getCaptureBefore();
        return before != null
                ? Instant.ofEpochSecond(before)
                : Instant.ofEpochSecond(charge.getCreated()).plus(MIN_AUTHORIZATION_VALIDITY);
    }

    private static IntentStatus capturedStatus(PaymentIntent intent) {
        var captured = StripeAmount.toMoney(intent.getAmountReceived(), intent.getCurrency());
        var charge = intent.getLatestChargeObject();
        return charge == null || charge.getAmountRefunded() == 0
                ? new IntentStatus.IntentCaptured(captured, null)
                : new IntentStatus.IntentCaptured(
                        captured,
                        StripeAmount.toMoney(charge.getAmountRefunded(), intent.getCurrency()));
    }

    /// What an error says about the request, by
    /// [its status, type and code](https://docs.stripe.com/api/errors). Only what is certain not to
    /// have been done is told as such; what does not come from Stripe itself, such as a proxy's
    /// answer, says nothing.
    ///
    /// | answer | means |
    /// |---|---|
    /// | no connection | not done, may succeed later |
    /// | connection lost, no answer in time | unknown |
    /// | 401, 403 (our key), 429, `lock_timeout`, `rate_limit` | not done, may succeed later |
    /// | 402, errors about the payment method | not done, declined |
    /// | `idempotency_error` | this call not done; the first one under the key unknown |
    /// | 409 | another call with the key is at work: unknown |
    /// | any other 4xx with an error of Stripe's | not done, refused for good |
    /// | 424, 5xx | unknown, and repeated under the same key |
    /// | anything else | unknown |
    static GatewayResult interpret(StripeException failure) {
        int status = failure.getStatusCode() == null ? 0 : failure.getStatusCode();
        if (failure instanceof ApiConnectionException) {
            return isConnectFailure(failure)
                    ? new GatewayUnreachable("no connection")
                    : new ResultUnknown("connection lost or too slow", false);
        }
        var error = failure.getStripeError();
        if (error == null || status == 409) {
            return new ResultUnknown("answered " + status, status >= 500);
        }
        if (status >= 500 || status == 424) {
            return new ResultUnknown("answered " + status, true);
        }
        if ("idempotency_error".equals(error.getType())) {
            log.warn("the gateway knows a key of ours with other parameters");
            return new KeyConflict();
        }
        var code = code(failure.getCode(), null, "invalid_request");
        if (AUTHORIZATION_EXPIRED_CODES.contains(code)) {
            return new RequestRefused(code, RefusalSubject.AUTHORIZATION);
        }
        return switch (status) {
            case 401, 403 -> {
                log.error("the gateway does not accept our API key: {}", status);
                yield new GatewayUnreachable("our key is not accepted");
            }
            case 402 ->
                    new PaymentMethodDeclined(
                            code(error.getDeclineCode(), failure.getCode(), "card_declined"));
            case 429 -> new GatewayUnreachable("too many requests");
            default -> refusal(status, code, error.getParam());
        };
    }

    private static GatewayResult refusal(int status, String code, @Nullable String param) {
        if (status < 400 || status >= 500) {
            return new ResultUnknown("answered " + status, false);
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

    private static boolean isConnectFailure(StripeException failure) {
        return failure.getCause() instanceof ConnectException
                || failure.getCause() instanceof SSLHandshakeException
                || failure.getCause() instanceof HttpConnectTimeoutException;
    }

    private static String code(@Nullable String first, @Nullable String second, String otherwise) {
        return first != null ? first : second != null ? second : otherwise;
    }
}
