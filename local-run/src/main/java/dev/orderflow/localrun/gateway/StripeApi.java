package dev.orderflow.localrun.gateway;

import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The part of Stripe's API that there is.
final class StripeApi {

    private static final Pattern INTENT =
            Pattern.compile("/v1/payment_intents/([A-Za-z0-9_]{1,100})(?:/([a-z_]+))?");

    private static final long LARGEST_AMOUNT = 99_999_999;

    /// A request that was understood; nothing is done yet.
    ///
    /// @param act does it
    record Understood(Step step, Act act) {}

    /// @param card the card that was charged, if one was
    record Done(Reply reply, @Nullable TestCard card) {}

    interface Act {
        Done now();
    }

    private final Ledger ledger;

    StripeApi(Ledger ledger) {
        this.ledger = ledger;
    }

    /// @throws StripeError when the request is malformed or not supported
    Understood understand(String method, String path, Form form) {
        if (path.equals("/v1/payment_intents") && method.equals("POST")) {
            return create(form);
        }
        if (path.equals("/v1/refunds") && method.equals("POST")) {
            return refund(form);
        }
        var intent = INTENT.matcher(path);
        if (!intent.matches()) {
            throw StripeError.notHere(method, path);
        }
        var id = intent.group(1);
        return switch (method + " " + intent.group(2)) {
            case "GET null" -> retrieve(id, form);
            case "POST confirm" -> confirm(id, form);
            case "POST capture" -> capture(id, form);
            case "POST cancel" -> cancel(id, form);
            default -> throw StripeError.notHere(method, path);
        };
    }

    private Understood create(Form form) {
        form.only(
                Set.of(
                        "amount",
                        "capture_method",
                        "currency",
                        "description",
                        "metadata",
                        "payment_method",
                        "payment_method_types"));
        form.required("amount");
        long amount = form.wholeNumber("amount").orElseThrow();
        if (amount < 1) {
            throw StripeError.invalid(
                    "parameter_invalid_integer", "amount", "amount must be at least 1.");
        }
        if (amount > LARGEST_AMOUNT) {
            throw StripeError.invalid(
                    "amount_too_large", "amount", "Amount must be no more than 999,999.99.");
        }
        var currency = currency(form.required("currency"));
        if (!form.find("capture_method").orElse("automatic").equals("manual")) {
            throw StripeError.invalid(
                    null, "capture_method", "The sandbox gateway supports manual capture only.");
        }
        if (!form.list("payment_method_types").allMatch("card"::equals)) {
            throw StripeError.invalid(
                    null, "payment_method_types", "The sandbox gateway supports cards only.");
        }
        var card = form.find("payment_method").map(StripeApi::card).orElse(null);
        var metadata = form.map("metadata");
        return new Understood(
                Step.create, () -> done(ledger.open(amount, currency, card, metadata).json(false)));
    }

    private Understood retrieve(String id, Form form) {
        form.only(Set.of("expand"));
        boolean expanded = expanded(form);
        return new Understood(
                Step.retrieve, () -> done(ledger.intent(id, "intent").json(expanded)));
    }

    private Understood confirm(String id, Form form) {
        form.only(Set.of("error_on_requires_action", "expand", "off_session", "payment_method"));
        boolean expanded = expanded(form);
        var other = form.find("payment_method").map(StripeApi::card).orElse(null);
        var intent = ledger.intent(id, "intent");
        return new Understood(
                Step.confirm,
                () -> {
                    var charged = intent.confirm(other);
                    return new Done(Reply.json(200, intent.json(expanded)), charged);
                });
    }

    private Understood capture(String id, Form form) {
        form.only(Set.of("amount_to_capture", "expand"));
        boolean expanded = expanded(form);
        var amount = form.wholeNumber("amount_to_capture").orElse(null);
        var intent = ledger.intent(id, "intent");
        return new Understood(
                Step.capture,
                () -> {
                    intent.capture(amount);
                    return done(intent.json(expanded));
                });
    }

    private Understood cancel(String id, Form form) {
        form.only(Set.of("cancellation_reason", "expand"));
        boolean expanded = expanded(form);
        var reason = oneOf(form, "cancellation_reason", CANCELLATION_REASONS);
        var intent = ledger.intent(id, "intent");
        return new Understood(
                Step.cancel,
                () -> {
                    intent.cancel(reason);
                    return done(intent.json(expanded));
                });
    }

    private static final Set<String> CANCELLATION_REASONS =
            Set.of("duplicate", "fraudulent", "requested_by_customer", "abandoned");

    private static final Set<String> REFUND_REASONS =
            Set.of("duplicate", "fraudulent", "requested_by_customer");

    private Understood refund(Form form) {
        form.only(Set.of("amount", "metadata", "payment_intent", "reason"));
        var intent = ledger.intent(form.required("payment_intent"), "payment_intent");
        var amount = form.wholeNumber("amount").orElse(null);
        var reason = oneOf(form, "reason", REFUND_REASONS);
        return new Understood(Step.refund, () -> done(intent.refund(amount, reason)));
    }

    private static Done done(Map<String, Object> json) {
        return new Done(Reply.json(200, json), null);
    }

    private static boolean expanded(Form form) {
        var wanted = form.list("expand").toList();
        if (!List.of("latest_charge").containsAll(wanted)) {
            throw StripeError.invalid(
                    null, "expand", "The sandbox gateway expands latest_charge only.");
        }
        return !wanted.isEmpty();
    }

    private static @Nullable String oneOf(Form form, String name, Set<String> allowed) {
        var value = form.find(name).orElse(null);
        if (value != null && !allowed.contains(value)) {
            throw StripeError.invalid(null, name, "Invalid " + name + ".");
        }
        return value;
    }

    private static TestCard card(String id) {
        return TestCard.of(id)
                .orElseThrow(() -> StripeError.missing("PaymentMethod", "payment_method", id));
    }

    private static String currency(String code) {
        try {
            var currency = Currency.getInstance(code.toUpperCase(Locale.ROOT));
            if (code.length() == 3 && currency.getDefaultFractionDigits() >= 0) {
                return code.toLowerCase(Locale.ROOT);
            }
        } catch (IllegalArgumentException unknown) {
            // told below
        }
        throw StripeError.invalid(null, "currency", "Invalid currency: " + code + ".");
    }
}
