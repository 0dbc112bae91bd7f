package dev.orderflow.payment.stripe;

import com.stripe.StripeClient;
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
import dev.orderflow.payment.gateway.GatewayResult.RefusalSubject;
import dev.orderflow.payment.gateway.GatewayResult.RequestRefused;
import dev.orderflow.payment.gateway.GatewayResult.ResultUnknown;
import dev.orderflow.payment.gateway.GatewayResult.StatusReported;
import dev.orderflow.payment.gateway.PaymentGateway;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// The payment gateway port on Stripe's PaymentIntents API.
@Component
public final class StripeGateway implements PaymentGateway {

    private static final Logger log = LoggerFactory.getLogger(StripeGateway.class);

    /// Stripe accepts at most this many clauses in a search query.
    private static final int MAX_SEARCH_CLAUSES = 10;

    /// How long an authorisation is valid at least, when Stripe gives no `capture_before`. Card
    /// networks release an online payment after 5 to 7 days
    /// ([Stripe](https://docs.stripe.com/payments/place-a-hold-on-a-payment-method)).
    private static final Duration MIN_AUTHORIZATION_VALIDITY = Duration.ofDays(4);

    /// The metadata key by which [#findRefund] finds a refund.
    private static final String REFUND_KEY = "refund_key";

    private static final String ORDER_ID = "order_id";

    /// The events of refunds and cancellations, wherever they were requested.
    private static final List<String> REFUND_AND_CANCEL_EVENTS =
            List.of(
                    "charge.refunded",
                    "charge.expired",
                    "payment_intent.canceled",
                    "refund.failed");

    private final PaymentIntentService intents;
    private final RefundService refunds;
    private final EventService events;

    public StripeGateway(StripeProperties properties) {
        var client =
                StripeClient.builder()
                        .setApiKey(properties.apiKey())
                        .setApiBase(removeTrailingSlash(properties.url().toString()))
                        .setConnectTimeout((int) properties.connectTimeout().toMillis())
                        .setReadTimeout((int) properties.timeout().toMillis())
                        // PaymentService decides on retries, since it knows the payment's state.
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
            boolean ambiguous = false;
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
                    var refundKey =
                            refund.getMetadata() == null
                                    ? null
                                    : refund.getMetadata().get(REFUND_KEY);
                    if (key.equals(refundKey)) {
                        return new RefundLookup.RefundFound();
                    }
                    ambiguous |= refundKey == null && refund.getAmount() == units;
                    after = refund.getId();
                }
                if (!Boolean.TRUE.equals(page.getHasMore()) || page.getData().isEmpty()) {
                    return ambiguous
                            ? new RefundLookup.RefundAmbiguous()
                            : new RefundLookup.RefundAbsent();
                }
            }
        } catch (StripeException failure) {
            return new RefundLookup.RefundLookupFailed(StripeErrors.describe(failure));
        } catch (RuntimeException unexpected) {
            log.warn("cannot parse a response of the gateway", RedactedException.of(unexpected));
            return new RefundLookup.RefundLookupFailed("cannot parse the response");
        }
    }

    /// A refund that failed or was cancelled: the amount is still captured.
    private static boolean isFailedOrCanceled(Refund refund) {
        return "failed".equals(refund.getStatus()) || "canceled".equals(refund.getStatus());
    }

    /// Stripe keeps events for 30 days and lists the newest first. A page with `ending_before` has
    /// the oldest events after that one.
    @Override
    public ChangesResult findChanges(@Nullable String after, int limit) {
        var list =
                EventListParams.builder()
                        .addAllType(REFUND_AND_CANCEL_EVENTS)
                        .setLimit((long) limit);
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
        } catch (InvalidRequestException failure) {
            return after != null && "resource_missing".equals(failure.getCode())
                    ? new ChangesResult.CursorExpired()
                    : new ChangesResult.ChangesUnavailable(StripeErrors.describe(failure));
        } catch (StripeException failure) {
            return new ChangesResult.ChangesUnavailable(StripeErrors.describe(failure));
        } catch (RuntimeException unexpected) {
            log.warn("cannot parse a response of the gateway", RedactedException.of(unexpected));
            return new ChangesResult.ChangesUnavailable("cannot parse the response");
        }
    }

    /// Reads the order id from the raw JSON, since the object's class depends on the API version of
    /// the account at the time of the event. A charge has the metadata of its intent.
    private static Optional<UUID> orderOf(Event event) {
        var object = JsonMapper.shared().readTree(event.getDataObjectDeserializer().getRawJson());
        try {
            return Optional.ofNullable(object.path("metadata").path(ORDER_ID).stringValue(null))
                    .map(UUID::fromString);
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    @Override
    public ChargesResult findCharges(Collection<UUID> orderIds) {
        try {
            var charges = new ArrayList<OrderCharge>();
            for (var chunk :
                    orderIds.stream()
                            .distinct()
                            .gather(Gatherers.windowFixed(MAX_SEARCH_CLAUSES))
                            .toList()) {
                addCharges(chunk, charges);
            }
            return new ChargesResult.ChargesFound(List.copyOf(charges));
        } catch (StripeException failure) {
            return new ChargesResult.ChargesUnavailable(StripeErrors.describe(failure));
        } catch (RuntimeException unexpected) {
            log.warn("cannot parse a response of the gateway", RedactedException.of(unexpected));
            return new ChargesResult.ChargesUnavailable("cannot parse the response");
        }
    }

    private void addCharges(List<UUID> orderIds, List<OrderCharge> charges) throws StripeException {
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
                toCharge(order, intent).ifPresent(charges::add);
            }
            page = Boolean.TRUE.equals(found.getHasMore()) ? found.getNextPage() : null;
        } while (page != null);
    }

    private static Optional<OrderCharge> toCharge(UUID orderId, PaymentIntent intent) {
        var amount = StripeAmount.toMoney(intent.getAmount(), intent.getCurrency());
        return switch (statusOf(intent)) {
            case IntentStatus.IntentAuthorized _ ->
                    Optional.of(new OrderCharge(orderId, amount, null, null));
            case IntentStatus.IntentCaptured(var captured, var refunded) ->
                    Optional.of(new OrderCharge(orderId, amount, captured, refunded));
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

    /// Makes a refund and retrieves the status of the intent, which the refund's response does not
    /// contain. When the retrieval fails, the refund was made nevertheless.
    private static GatewayResult callThenRetrieve(
            StripeCall<Refund> refund, Supplier<GatewayResult> retrieval) {
        return call(
                refund,
                made ->
                        isFailedOrCanceled(made)
                                ? new RequestRefused("refund_failed", RefusalSubject.OTHER)
                                : retrieval.get() instanceof StatusReported reported
                                        ? reported
                                        : new ResultUnknown(
                                                "refunded, but the status could not be retrieved",
                                                false));
    }

    private static <T> GatewayResult call(StripeCall<T> call, Function<T, GatewayResult> toResult) {
        try {
            return toResult.apply(call.execute());
        } catch (StripeException failure) {
            return StripeErrors.interpret(failure);
        } catch (ArithmeticException _) {
            return new RequestRefused("amount_not_supported", RefusalSubject.AMOUNT);
        } catch (RuntimeException unexpected) {
            // Stripe's client failed on an unexpected response; the request may have been
            // processed.
            log.warn("cannot parse a response of the gateway", RedactedException.of(unexpected));
            return new ResultUnknown("cannot parse the response", false);
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
                        StripeErrors.firstPresent(
                                error.getDeclineCode(), error.getCode(), "card_declined"));
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
}
