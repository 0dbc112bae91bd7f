package dev.orderflow.sandboxes.gateway;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The ledger of the gateway: all payment intents and all attempts to charge.
final class ChargeLedger {

    /// Currencies that Stripe counts without decimals.
    private static final Set<String> WHOLE_UNITS =
            Set.of(
                    "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd",
                    "vuv", "xaf", "xof", "xpf");

    private static final Set<String> THOUSANDTHS = Set.of("bhd", "jod", "kwd", "omr", "tnd");

    enum ChargeState {
        DECLINED,
        AUTHORIZED,
        RELEASED,
        CAPTURED
    }

    /// The longest time for which card networks keep the authorisation of an online payment.
    private static final Duration HOLD = Duration.ofDays(7);

    /// One attempt to charge a card.
    private static final class ChargeAttempt {
        final String id;
        final long at = Instant.now().getEpochSecond();
        final List<Map<String, Object>> refunds = new ArrayList<>();
        ChargeState state;
        Instant captureBefore = Instant.now().plus(HOLD);
        long captured;
        long refunded;

        ChargeAttempt(String id, ChargeState state) {
            this.id = id;
            this.state = state;
        }
    }

    /// A payment intent. All access is synchronised, so that it is confirmed only once.
    final class Intent {
        private final String id;
        private final String orderId;
        private final Map<String, String> metadata;
        private final long amount;
        private final String currency;
        private final long created = Instant.now().getEpochSecond();
        private final List<ChargeAttempt> charges = new ArrayList<>();
        private @Nullable TestCard card;
        private @Nullable TestCard refused;
        private @Nullable String cancellationReason;
        private String status;

        private Intent(
                String id,
                long amount,
                String currency,
                @Nullable TestCard card,
                Map<String, String> metadata) {
            this.id = id;
            this.amount = amount;
            this.currency = currency;
            this.card = card;
            this.metadata = metadata;
            this.orderId = metadata.getOrDefault("order_id", "");
            this.status = card == null ? "requires_payment_method" : "requires_confirmation";
        }

        /// @throws StripeError when it can no longer be confirmed, or the card is declined
        synchronized TestCard confirm(@Nullable TestCard other) {
            requireStatus("confirm", Set.of("requires_confirmation", "requires_payment_method"));
            if (other != null) {
                card = other;
            }
            var paysWith = card;
            if (paysWith == null || (other == null && refused != null)) {
                throw StripeError.invalid(
                        "payment_intent_unexpected_state",
                        "payment_method",
                        "You cannot confirm this PaymentIntent because it's missing a payment method.");
            }
            var charge = new ChargeAttempt(newId("ch_"), ChargeState.AUTHORIZED);
            charges.add(charge);
            if (paysWith.code() != null) {
                charge.state = ChargeState.DECLINED;
                refused = paysWith;
                status = "requires_payment_method";
                throw StripeError.card(paysWith)
                        .with("charge", charge.id)
                        .with("payment_intent", json(false));
            }
            status = "requires_capture";
            return paysWith;
        }

        synchronized void capture(@Nullable Long wanted) {
            expireAuthorizationWhenDue();
            requireStatus("capture", Set.of("requires_capture"));
            long taken = wanted == null ? amount : wanted;
            if (taken < 1 || taken > amount) {
                throw StripeError.invalid(
                        "amount_too_large",
                        "amount_to_capture",
                        "The amount to capture must be within what is capturable.");
            }
            var charge = charges.getLast();
            charge.state = ChargeState.CAPTURED;
            charge.captured = taken;
            status = "succeeded";
        }

        synchronized void cancel(@Nullable String reason) {
            expireAuthorizationWhenDue();
            requireStatus(
                    "cancel",
                    Set.of("requires_payment_method", "requires_confirmation", "requires_capture"));
            if (status.equals("requires_capture")) {
                charges.getLast().state = ChargeState.RELEASED;
            }
            markCanceled(reason);
        }

        private void markCanceled(@Nullable String reason) {
            cancellationReason = reason;
            status = "canceled";
            recordEvent("payment_intent.canceled", json(false));
        }

        /// Sets when the authorisation expires.
        ///
        /// @return false when nothing is authorised
        synchronized boolean expireAuthorizationAt(Instant end) {
            expireAuthorizationWhenDue();
            if (!status.equals("requires_capture")) {
                return false;
            }
            charges.getLast().captureBefore = end;
            expireAuthorizationWhenDue();
            return true;
        }

        private void expireAuthorizationWhenDue() {
            if (status.equals("requires_capture")
                    && !Instant.now().isBefore(charges.getLast().captureBefore)) {
                charges.getLast().state = ChargeState.RELEASED;
                recordEvent("charge.expired", json(charges.getLast()));
                markCanceled("automatic");
            }
        }

        /// The refunds, newest first.
        synchronized List<Map<String, Object>> refunds() {
            return charges.isEmpty()
                    ? List.of()
                    : List.copyOf(charges.getLast().refunds.reversed());
        }

        synchronized Map<String, Object> refund(
                @Nullable Long wanted, @Nullable String reason, Map<String, String> metadata) {
            var charge = charges.isEmpty() ? null : charges.getLast();
            if (charge == null || charge.state != ChargeState.CAPTURED) {
                throw StripeError.invalid(
                        null,
                        "payment_intent",
                        "This PaymentIntent does not have a successful charge to refund.");
            }
            long left = charge.captured - charge.refunded;
            if (left == 0) {
                throw StripeError.invalid(
                        "charge_already_refunded", null, "The charge has already been refunded.");
            }
            long back = wanted == null ? left : wanted;
            if (back < 1 || back > left) {
                throw StripeError.invalid(
                        null, "amount", "The refund exceeds the remaining amount of the charge.");
            }
            charge.refunded += back;
            var refund = new LinkedHashMap<String, Object>();
            refund.put("id", newId("re_"));
            refund.put("object", "refund");
            refund.put("amount", back);
            refund.put("charge", charge.id);
            refund.put("created", Instant.now().getEpochSecond());
            refund.put("currency", currency);
            refund.put("metadata", metadata);
            refund.put("payment_intent", id);
            refund.put("reason", reason);
            refund.put("status", "succeeded");
            charge.refunds.add(refund);
            recordEvent("charge.refunded", json(charge));
            return refund;
        }

        private void requireStatus(String action, Set<String> allowed) {
            if (!allowed.contains(status)) {
                throw StripeError.invalid(
                                "payment_intent_unexpected_state",
                                null,
                                "You cannot %s this PaymentIntent because it has a status of %s."
                                        .formatted(action, status))
                        .with("payment_intent", json(false));
            }
        }

        /// The intent as Stripe shows it.
        synchronized Map<String, Object> json(boolean chargeExpanded) {
            expireAuthorizationWhenDue();
            var json = new LinkedHashMap<String, Object>();
            var last = charges.isEmpty() ? null : charges.getLast();
            json.put("id", id);
            json.put("object", "payment_intent");
            json.put("amount", amount);
            json.put("amount_capturable", status.equals("requires_capture") ? amount : 0);
            json.put("amount_received", last == null ? 0 : last.captured);
            json.put("cancellation_reason", cancellationReason);
            json.put("capture_method", "manual");
            json.put("confirmation_method", "automatic");
            json.put("created", created);
            json.put("currency", currency);
            json.put(
                    "last_payment_error",
                    refused == null || !status.equals("requires_payment_method")
                            ? null
                            : error(refused));
            json.put("latest_charge", last == null ? null : chargeExpanded ? json(last) : last.id);
            json.put("livemode", false);
            json.put("metadata", metadata);
            json.put("payment_method", card == null || refused != null ? null : card.id());
            json.put("payment_method_types", List.of("card"));
            json.put("status", status);
            return json;
        }

        private Map<String, Object> error(TestCard card) {
            var error = new LinkedHashMap<String, Object>();
            error.put("type", "card_error");
            error.put("code", card.code());
            error.put("decline_code", card.declineCode());
            error.put("message", "The test card declines every charge.");
            return error;
        }

        private Map<String, Object> json(ChargeAttempt charge) {
            var json = new LinkedHashMap<String, Object>();
            json.put("id", charge.id);
            json.put("object", "charge");
            json.put("amount", amount);
            json.put("amount_captured", charge.captured);
            json.put("amount_refunded", charge.refunded);
            json.put("captured", charge.state == ChargeState.CAPTURED);
            json.put("created", charge.at);
            json.put("currency", currency);
            json.put("livemode", false);
            json.put("metadata", metadata);
            json.put("paid", charge.state != ChargeState.DECLINED);
            json.put("payment_intent", id);
            var card = new LinkedHashMap<String, Object>();
            card.put(
                    "capture_before",
                    charge.state == ChargeState.AUTHORIZED
                            ? charge.captureBefore.getEpochSecond()
                            : null);
            json.put("payment_method_details", Map.of("type", "card", "card", card));
            json.put(
                    "refunded",
                    charge.state == ChargeState.RELEASED
                            || (charge.captured > 0 && charge.refunded == charge.captured));
            json.put("status", charge.state == ChargeState.DECLINED ? "failed" : "succeeded");
            return json;
        }

        private synchronized void addTo(OrderAccount account) {
            expireAuthorizationWhenDue();
            account.currency = currency;
            account.intents.add(Map.of("id", id, "status", status));
            for (var charge : charges) {
                if (charge.state != ChargeState.DECLINED) {
                    account.charges++;
                }
                account.authorized += charge.state == ChargeState.AUTHORIZED ? amount : 0;
                account.captured += charge.captured;
                account.refunded += charge.refunded;
                var attempt = new LinkedHashMap<String, Object>();
                attempt.put("id", charge.id);
                attempt.put("intent", id);
                attempt.put("state", charge.state.name());
                attempt.put("amount", decimal(amount, currency));
                attempt.put("captured", decimal(charge.captured, currency));
                attempt.put("refunded", decimal(charge.refunded, currency));
                attempt.put("at", Instant.ofEpochSecond(charge.at).toString());
                account.attempts.add(attempt);
            }
        }
    }

    private static final class OrderAccount {
        final String orderId;
        String currency = "";
        int charges;
        long authorized;
        long captured;
        long refunded;
        final List<Map<String, Object>> intents = new ArrayList<>();
        final List<Map<String, Object>> attempts = new ArrayList<>();

        OrderAccount(String orderId) {
            this.orderId = orderId;
        }

        Map<String, Object> json() {
            var json = new LinkedHashMap<String, Object>();
            json.put("orderId", orderId);
            json.put("charges", charges);
            json.put("net", decimal(captured - refunded, currency));
            json.put("currency", currency.toUpperCase(Locale.ROOT));
            json.put("authorized", decimal(authorized, currency));
            json.put("captured", decimal(captured, currency));
            json.put("refunded", decimal(refunded, currency));
            json.put("intents", intents);
            json.put("attempts", attempts);
            return json;
        }
    }

    private final ConcurrentMap<String, Intent> intents = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, List<Intent>> byOrder = new ConcurrentHashMap<>();
    private final List<Map<String, Object>> events = new ArrayList<>();
    private final AtomicLong number = new AtomicLong();
    private final String run = Long.toString(System.nanoTime(), 36).replace("-", "");

    Intent open(
            long amount, String currency, @Nullable TestCard card, Map<String, String> metadata) {
        var intent = new Intent(newId("pi_"), amount, currency, card, metadata);
        intents.put(intent.id, intent);
        byOrder.compute(
                intent.orderId,
                (_, earlier) -> {
                    var all = earlier == null ? new ArrayList<Intent>() : new ArrayList<>(earlier);
                    all.add(intent);
                    return List.copyOf(all);
                });
        return intent;
    }

    /// @throws StripeError if no such intent exists
    Intent intent(String id, String param) {
        var intent = intents.get(id);
        if (intent == null) {
            throw StripeError.missing("payment_intent", param, id);
        }
        return intent;
    }

    /// All intents whose metadata name the order.
    Stream<Intent> intentsOf(String orderId) {
        return byOrder.getOrDefault(orderId, List.of()).stream();
    }

    private void recordEvent(String type, Map<String, Object> object) {
        var event = new LinkedHashMap<String, Object>();
        event.put("id", newId("evt_"));
        event.put("object", "event");
        event.put("api_version", "sandbox");
        event.put("created", Instant.now().getEpochSecond());
        event.put("data", Map.of("object", object));
        event.put("livemode", false);
        event.put("pending_webhooks", 0);
        event.put("type", type);
        synchronized (events) {
            events.add(event);
        }
    }

    /// The recorded events, newest first.
    List<Map<String, Object>> events() {
        synchronized (events) {
            return List.copyOf(events.reversed());
        }
    }

    /// The account of an order: `charges` is the number of successful charges, `net` the captured
    /// less the refunded amount.
    Map<String, Object> ofOrder(String orderId) {
        var account = new OrderAccount(orderId);
        byOrder.getOrDefault(orderId, List.of()).forEach(intent -> intent.addTo(account));
        return account.json();
    }

    /// Totals by currency, and the orders with more than one charge, of which there should be none.
    Map<String, Object> summary() {
        var byCurrency = new LinkedHashMap<String, OrderAccount>();
        var twice = new ArrayList<String>();
        int orders = 0;
        for (var order : byOrder.entrySet()) {
            var account = new OrderAccount(order.getKey());
            order.getValue().forEach(intent -> intent.addTo(account));
            orders++;
            if (account.charges > 1 && !order.getKey().isEmpty()) {
                twice.add(order.getKey());
            }
            var total = byCurrency.computeIfAbsent(account.currency, OrderAccount::new);
            total.charges += account.charges;
            total.authorized += account.authorized;
            total.captured += account.captured;
            total.refunded += account.refunded;
        }
        var totals = new ArrayList<Map<String, Object>>();
        byCurrency.forEach(
                (currency, total) ->
                        totals.add(
                                Map.of(
                                        "currency", currency.toUpperCase(Locale.ROOT),
                                        "charges", total.charges,
                                        "authorized", decimal(total.authorized, currency),
                                        "net",
                                                decimal(
                                                        total.captured - total.refunded,
                                                        currency))));
        return Map.of("orders", orders, "chargedMoreThanOnce", twice, "totals", totals);
    }

    private String newId(String prefix) {
        return prefix + "sandbox_" + run + "_" + number.incrementAndGet();
    }

    private static String decimal(long units, String currency) {
        int digits = WHOLE_UNITS.contains(currency) ? 0 : THOUSANDTHS.contains(currency) ? 3 : 2;
        return BigDecimal.valueOf(units, digits).toPlainString();
    }
}
