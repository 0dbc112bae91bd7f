package dev.orderflow.payment.stripe;

import com.stripe.StripeClient;
import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.AuthenticationException;
import com.stripe.exception.CardException;
import com.stripe.exception.IdempotencyException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.RateLimitException;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.net.RequestOptions;
import com.stripe.param.PaymentIntentCancelParams;
import com.stripe.param.PaymentIntentCaptureParams;
import com.stripe.param.PaymentIntentConfirmParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentRetrieveParams;
import com.stripe.param.PaymentIntentSearchParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.service.PaymentIntentService;
import com.stripe.service.RefundService;
import dev.orderflow.defaults.tracing.Redacted;
import dev.orderflow.payment.domain.IntentId;
import dev.orderflow.payment.domain.Money;
import dev.orderflow.payment.domain.PaymentMethodId;
import dev.orderflow.payment.domain.RefundReason;
import dev.orderflow.payment.domain.Standing;
import dev.orderflow.payment.gateway.Gateway;
import dev.orderflow.payment.gateway.GatewayAnswer;
import dev.orderflow.payment.gateway.GatewayAnswer.Declined;
import dev.orderflow.payment.gateway.GatewayAnswer.NoAnswer;
import dev.orderflow.payment.gateway.GatewayAnswer.NotReached;
import dev.orderflow.payment.gateway.GatewayAnswer.Refused;
import dev.orderflow.payment.gateway.GatewayAnswer.Reported;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Moves money through Stripe's PaymentIntents.
@Component
public final class StripeGateway implements Gateway {

    private static final Logger log = LoggerFactory.getLogger(StripeGateway.class);

    /// Stripe takes no more of them in a search.
    private static final int MOST_CLAUSES = 10;

    /// Refusals of what the customer brought, as against mistakes of ours.
    private static final Set<String> THE_CUSTOMERS_TO_CHANGE =
            Set.of(
                    "amount_too_large",
                    "amount_too_small",
                    "payment_method_customer_decline",
                    "payment_method_unactivated",
                    "payment_method_unexpected_state");

    private final PaymentIntentService intents;
    private final RefundService refunds;

    public StripeGateway(StripeProperties properties) {
        var client =
                StripeClient.builder()
                        .setApiKey(properties.apiKey())
                        .setApiBase(withoutSlash(properties.apiBase().toString()))
                        .setConnectTimeout((int) properties.connectTimeout().toMillis())
                        .setReadTimeout((int) properties.timeout().toMillis())
                        // Whether to repeat is decided where the payment's state is known.
                        .setMaxNetworkRetries(0)
                        .setHttpClient(
                                new JdkTransport(properties.connectTimeout(), properties.timeout()))
                        .build();
        this.intents = client.v1().paymentIntents();
        this.refunds = client.v1().refunds();
    }

    @Override
    public GatewayAnswer open(
            UUID orderId, PaymentMethodId paymentMethod, Money amount, String key) {
        return answered(
                () ->
                        intents.create(
                                PaymentIntentCreateParams.builder()
                                        .setAmount(StripeAmount.of(amount))
                                        .setCurrency(StripeAmount.currency(amount))
                                        .setPaymentMethod(paymentMethod.value())
                                        .addPaymentMethodType("card")
                                        .setCaptureMethod(
                                                PaymentIntentCreateParams.CaptureMethod.MANUAL)
                                        .putMetadata("order_id", orderId.toString())
                                        .build(),
                                under(key)));
    }

    @Override
    public GatewayAnswer confirm(IntentId intent, String key) {
        return answered(
                () ->
                        intents.confirm(
                                intent.value(),
                                PaymentIntentConfirmParams.builder()
                                        .setErrorOnRequiresAction(true)
                                        .build(),
                                under(key)));
    }

    @Override
    public GatewayAnswer capture(IntentId intent, Money amount, String key) {
        return answered(
                () ->
                        intents.capture(
                                intent.value(),
                                PaymentIntentCaptureParams.builder()
                                        .setAmountToCapture(StripeAmount.of(amount))
                                        .build(),
                                under(key)));
    }

    @Override
    public GatewayAnswer cancel(IntentId intent, String key) {
        return answered(
                () ->
                        intents.cancel(
                                intent.value(),
                                PaymentIntentCancelParams.builder()
                                        .setCancellationReason(
                                                PaymentIntentCancelParams.CancellationReason
                                                        .ABANDONED)
                                        .build(),
                                under(key)));
    }

    @Override
    public GatewayAnswer refund(IntentId intent, Money amount, RefundReason reason, String key) {
        return afterwards(
                () ->
                        refunds.create(
                                RefundCreateParams.builder()
                                        .setPaymentIntent(intent.value())
                                        .setAmount(StripeAmount.of(amount))
                                        .setReason(stripesWordFor(reason))
                                        .build(),
                                under(key)),
                () -> ask(intent));
    }

    @Override
    public GatewayAnswer ask(IntentId intent) {
        return answered(() -> retrieved(intent));
    }

    @Override
    public Charges chargesOf(Collection<UUID> orderIds) {
        try {
            var charges = new ArrayList<Charge>();
            for (var some :
                    orderIds.stream()
                            .distinct()
                            .gather(Gatherers.windowFixed(MOST_CLAUSES))
                            .toList()) {
                addCharges(some, charges);
            }
            return new Charges.Known(List.copyOf(charges));
        } catch (StripeException failure) {
            return new Charges.NotTold(failure.getClass().getSimpleName());
        } catch (RuntimeException unreadable) {
            log.warn("an answer of the gateway cannot be read", Redacted.of(unreadable));
            return new Charges.NotTold("the answer cannot be read");
        }
    }

    private void addCharges(List<UUID> orderIds, List<Charge> charges) throws StripeException {
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
                var order = UUID.fromString(intent.getMetadata().get("order_id"));
                charge(order, intent).ifPresent(charges::add);
            }
            page = Boolean.TRUE.equals(found.getHasMore()) ? found.getNextPage() : null;
        } while (page != null);
    }

    private static Optional<Charge> charge(UUID orderId, PaymentIntent intent) {
        var amount = StripeAmount.toMoney(intent.getAmount(), intent.getCurrency());
        return switch (standing(intent)) {
            case Standing.Held _ -> Optional.of(new Charge(orderId, amount, null, null));
            case Standing.Taken(var captured, var refunded) ->
                    Optional.of(new Charge(orderId, amount, captured, refunded));
            case Standing.Unconfirmed _,
                    Standing.Cancelled _,
                    Standing.TurnedDown _,
                    Standing.Pending _ ->
                    Optional.empty();
        };
    }

    private PaymentIntent retrieved(IntentId intent) throws StripeException {
        return intents.retrieve(
                intent.value(),
                PaymentIntentRetrieveParams.builder().addExpand("latest_charge").build(),
                null);
    }

    private static RefundCreateParams.Reason stripesWordFor(RefundReason reason) {
        return switch (reason) {
            case CUSTOMER_REQUEST -> RefundCreateParams.Reason.REQUESTED_BY_CUSTOMER;
            case DUPLICATE -> RefundCreateParams.Reason.DUPLICATE;
            case FRAUDULENT -> RefundCreateParams.Reason.FRAUDULENT;
        };
    }

    private static RequestOptions under(String key) {
        return RequestOptions.builder().setIdempotencyKey(key).build();
    }

    private static String withoutSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    private interface Call<T> {
        T make() throws StripeException;
    }

    private static GatewayAnswer answered(Call<PaymentIntent> call) {
        return answered(
                call, intent -> new Reported(new IntentId(intent.getId()), standing(intent)));
    }

    /// A refund's answer does not say how the intent stands. When the look at it fails, the
    /// refund was made all the same.
    private static GatewayAnswer afterwards(Call<Refund> refund, Supplier<GatewayAnswer> look) {
        return answered(
                refund,
                _ ->
                        look.get() instanceof Reported seen
                                ? seen
                                : new NoAnswer("refunded, and not seen since", false));
    }

    private static <T> GatewayAnswer answered(Call<T> call, Function<T, GatewayAnswer> meaning) {
        try {
            return meaning.apply(call.make());
        } catch (StripeException failure) {
            return meaning(failure);
        } catch (ArithmeticException inexpressible) {
            return new Declined("amount_not_supported");
        } catch (RuntimeException unreadable) {
            // Stripe's client met something it was not made for; the request may have been done.
            log.warn("an answer of the gateway cannot be read", Redacted.of(unreadable));
            return new NoAnswer("the answer cannot be read", false);
        }
    }

    private static Standing standing(PaymentIntent intent) {
        return switch (intent.getStatus()) {
            case "requires_confirmation" -> new Standing.Unconfirmed();
            case "requires_capture" -> new Standing.Held();
            case "succeeded" -> taken(intent);
            case "canceled" -> new Standing.Cancelled();
            case "requires_payment_method" -> {
                var error = intent.getLastPaymentError();
                if (error == null) {
                    yield new Standing.Unconfirmed();
                }
                yield new Standing.TurnedDown(
                        code(error.getDeclineCode(), error.getCode(), "card_declined"));
            }
            case "requires_action" -> new Standing.TurnedDown("authentication_required");
            default -> new Standing.Pending();
        };
    }

    private static Standing taken(PaymentIntent intent) {
        var captured = StripeAmount.toMoney(intent.getAmountReceived(), intent.getCurrency());
        var charge = intent.getLatestChargeObject();
        return charge == null || charge.getAmountRefunded() == 0
                ? new Standing.Taken(captured, null)
                : new Standing.Taken(
                        captured,
                        StripeAmount.toMoney(charge.getAmountRefunded(), intent.getCurrency()));
    }

    /// Only what is certain to have been done to nobody is told as such; the rest is no answer.
    private static GatewayAnswer meaning(StripeException failure) {
        return switch (failure) {
            case CardException card ->
                    new Declined(code(card.getDeclineCode(), card.getCode(), "card_declined"));
            case IdempotencyException _ -> {
                log.error(
                        "the gateway knows a key of ours with another request: {}",
                        failure.getCode());
                yield new Refused("idempotency_error");
            }
            case InvalidRequestException invalid -> {
                var code = code(invalid.getCode(), null, "invalid_request");
                yield "payment_method".equals(invalid.getParam())
                                || THE_CUSTOMERS_TO_CHANGE.contains(code)
                        ? new Declined(code)
                        : new Refused(code);
            }
            case AuthenticationException _ -> {
                log.error("the gateway does not accept our key");
                yield new NotReached("our key is not accepted");
            }
            case RateLimitException _ -> new NotReached("too many requests");
            case ApiConnectionException _ when neverConnected(failure) ->
                    new NotReached("no connection");
            case ApiConnectionException _ -> new NoAnswer("connection lost or too slow", false);
            // 409: the same key is at work in another call, and nothing is stored under it yet.
            default -> {
                var status = failure.getStatusCode();
                yield new NoAnswer("answered " + status, status != null && status >= 500);
            }
        };
    }

    private static boolean neverConnected(StripeException failure) {
        return failure.getCause() instanceof ConnectException
                || failure.getCause() instanceof HttpConnectTimeoutException;
    }

    private static String code(@Nullable String first, @Nullable String second, String otherwise) {
        return first != null ? first : second != null ? second : otherwise;
    }
}
