package dev.orderflow.sandboxes.gateway;

import dev.orderflow.contracts.value.ChargeCurrency;
import dev.orderflow.contracts.value.Money;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The supported part of Stripe's API.
final class StripeApi {

    private static final Pattern INTENT =
            Pattern.compile("/v1/payment_intents/([A-Za-z0-9_]{1,100})(?:/([a-z_]+))?");

    private static final Pattern ORDER_CLAUSE =
            Pattern.compile("metadata\\['order_id']:'([A-Za-z0-9_-]{1,100})'");

    private static final int MAX_CLAUSES = 10;

    /// A parsed request that is not executed yet.
    ///
    /// @param act executes the request
    record ParsedRequest(GatewayOperation step, RequestAction act) {}

    /// @param card the charged card, if any
    record ActionResult(GatewayResponse reply, @Nullable TestCard card) {}

    interface RequestAction {
        ActionResult execute();
    }

    private final ChargeLedger ledger;

    StripeApi(ChargeLedger ledger) {
        this.ledger = ledger;
    }

    /// @throws StripeError when the request is malformed or not supported
    ParsedRequest parse(String method, String path, FormParameters form) {
        if (path.equals("/v1/payment_intents") && method.equals("POST")) {
            return create(form);
        }
        if (path.equals("/v1/refunds") && method.equals("POST")) {
            return refund(form);
        }
        if (path.equals("/v1/refunds") && method.equals("GET")) {
            return refunds(form);
        }
        if (path.equals("/v1/events") && method.equals("GET")) {
            return events(form);
        }
        if (path.equals("/v1/payment_intents/search") && method.equals("GET")) {
            return search(form);
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

    private ParsedRequest create(FormParameters form) {
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
        var charged = currency(form.required("currency"));
        requireChargeable(amount, charged);
        var currency = charged.currency().getCurrencyCode().toLowerCase(Locale.ROOT);
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
        return new ParsedRequest(
                GatewayOperation.create,
                () -> done(ledger.open(amount, currency, card, metadata).json(false)));
    }

    private ParsedRequest retrieve(String id, FormParameters form) {
        form.only(Set.of("expand"));
        boolean expanded = expanded(form);
        return new ParsedRequest(
                GatewayOperation.retrieve, () -> done(ledger.intent(id, "intent").json(expanded)));
    }

    /// A search for the intents of orders; other queries of Stripe's search language are rejected.
    private ParsedRequest search(FormParameters form) {
        form.only(Set.of("expand", "limit", "page", "query"));
        boolean expanded = expanded(form, "data.latest_charge");
        long limit = form.wholeNumber("limit").orElse(10L);
        if (limit < 1 || limit > 100) {
            throw StripeError.invalid(
                    "parameter_invalid_integer", "limit", "limit must be 1 to 100.");
        }
        long from = form.wholeNumber("page").orElse(0L);
        var orders = ordersIn(form.required("query"));
        return new ParsedRequest(
                GatewayOperation.search,
                () -> {
                    var found = orders.stream().flatMap(ledger::intentsOf).toList();
                    boolean more = found.size() > from + limit;
                    var json = new LinkedHashMap<String, Object>();
                    json.put("object", "search_result");
                    json.put("url", "/v1/payment_intents/search");
                    json.put("has_more", more);
                    json.put("next_page", more ? Long.toString(from + limit) : null);
                    json.put(
                            "data",
                            found.stream()
                                    .skip(from)
                                    .limit(limit)
                                    .map(intent -> intent.json(expanded))
                                    .toList());
                    return done(json);
                });
    }

    private static List<String> ordersIn(String query) {
        var clauses = List.of(query.split(" OR ", -1));
        if (clauses.size() > MAX_CLAUSES) {
            throw StripeError.invalid(
                    null, "query", "A query has at most " + MAX_CLAUSES + " clauses.");
        }
        return clauses.stream()
                .map(ORDER_CLAUSE::matcher)
                .map(
                        clause -> {
                            if (!clause.matches()) {
                                throw StripeError.invalid(
                                        null,
                                        "query",
                                        "The sandbox gateway supports only metadata['order_id']:'…', joined by OR.");
                            }
                            return clause.group(1);
                        })
                .distinct()
                .toList();
    }

    private ParsedRequest confirm(String id, FormParameters form) {
        form.only(Set.of("error_on_requires_action", "expand", "off_session", "payment_method"));
        boolean expanded = expanded(form);
        var other = form.find("payment_method").map(StripeApi::card).orElse(null);
        var intent = ledger.intent(id, "intent");
        return new ParsedRequest(
                GatewayOperation.confirm,
                () -> {
                    var charged = intent.confirm(other);
                    return new ActionResult(
                            GatewayResponse.json(200, intent.json(expanded)), charged);
                });
    }

    private ParsedRequest capture(String id, FormParameters form) {
        form.only(Set.of("amount_to_capture", "expand"));
        boolean expanded = expanded(form);
        var amount = form.wholeNumber("amount_to_capture").orElse(null);
        var intent = ledger.intent(id, "intent");
        return new ParsedRequest(
                GatewayOperation.capture,
                () -> {
                    intent.capture(amount);
                    return done(intent.json(expanded));
                });
    }

    private ParsedRequest cancel(String id, FormParameters form) {
        form.only(Set.of("cancellation_reason", "expand"));
        boolean expanded = expanded(form);
        var reason = oneOf(form, "cancellation_reason", CANCELLATION_REASONS);
        var intent = ledger.intent(id, "intent");
        return new ParsedRequest(
                GatewayOperation.cancel,
                () -> {
                    intent.cancel(reason);
                    return done(intent.json(expanded));
                });
    }

    private static final Set<String> CANCELLATION_REASONS =
            Set.of("duplicate", "fraudulent", "requested_by_customer", "abandoned");

    private static final Set<String> REFUND_REASONS =
            Set.of("duplicate", "fraudulent", "requested_by_customer");

    private ParsedRequest refund(FormParameters form) {
        form.only(Set.of("amount", "metadata", "payment_intent", "reason"));
        var intent = ledger.intent(form.required("payment_intent"), "payment_intent");
        var amount = form.wholeNumber("amount").orElse(null);
        var reason = oneOf(form, "reason", REFUND_REASONS);
        var metadata = form.map("metadata");
        return new ParsedRequest(
                GatewayOperation.refund, () -> done(intent.refund(amount, reason, metadata)));
    }

    private ParsedRequest refunds(FormParameters form) {
        form.only(Set.of("ending_before", "limit", "payment_intent", "starting_after"));
        var intent = ledger.intent(form.required("payment_intent"), "payment_intent");
        var page = StripePage.of(form);
        return new ParsedRequest(
                GatewayOperation.refunds, () -> done(page.in("/v1/refunds", intent.refunds())));
    }

    private ParsedRequest events(FormParameters form) {
        form.only(Set.of("ending_before", "limit", "starting_after", "type", "types"));
        var types =
                Stream.concat(form.list("types"), form.find("type").stream())
                        .collect(Collectors.toSet());
        var page = StripePage.of(form);
        return new ParsedRequest(
                GatewayOperation.events,
                () -> {
                    var events = ledger.events();
                    page.requireKnown(events);
                    return done(
                            page.in(
                                    "/v1/events",
                                    events.stream()
                                            .filter(
                                                    event ->
                                                            types.isEmpty()
                                                                    || types.contains(
                                                                            event.get("type"))
                                                                    || page.names(event))
                                            .toList()));
                });
    }

    /// A page of a list, newest first, [as Stripe
    /// pages](https://docs.stripe.com/api/pagination).
    private record StripePage(
            long limit, @Nullable String startingAfter, @Nullable String endingBefore) {

        static StripePage of(FormParameters form) {
            long limit = form.wholeNumber("limit").orElse(10L);
            if (limit < 1 || limit > 100) {
                throw StripeError.invalid(
                        "parameter_invalid_integer", "limit", "limit must be 1 to 100.");
            }
            var after = form.find("starting_after").orElse(null);
            var before = form.find("ending_before").orElse(null);
            if (after != null && before != null) {
                throw StripeError.invalid(
                        null,
                        "ending_before",
                        "You can only use one of starting_after and ending_before.");
            }
            return new StripePage(limit, after, before);
        }

        boolean names(Map<String, Object> one) {
            var id = one.get("id");
            return id != null && (id.equals(startingAfter) || id.equals(endingBefore));
        }

        void requireKnown(List<Map<String, Object>> all) {
            var cursor = startingAfter != null ? startingAfter : endingBefore;
            if (cursor != null && all.stream().noneMatch(this::names)) {
                throw StripeError.invalid(
                        "resource_missing",
                        startingAfter != null ? "starting_after" : "ending_before",
                        "No such object: '%s'".formatted(cursor));
            }
        }

        Map<String, Object> in(String url, List<Map<String, Object>> all) {
            requireKnown(all);
            int named = 0;
            while (named < all.size() && !names(all.get(named))) {
                named++;
            }
            int from = 0;
            int to = all.size();
            if (startingAfter != null) {
                from = named + 1;
            } else if (endingBefore != null) {
                to = named;
            }
            boolean more = to - from > limit;
            if (more && endingBefore != null) {
                from = to - (int) limit;
            } else if (more) {
                to = from + (int) limit;
            }
            var json = new LinkedHashMap<String, Object>();
            json.put("object", "list");
            json.put("url", url);
            json.put("has_more", more);
            json.put("data", all.subList(from, to));
            return json;
        }
    }

    private static ActionResult done(Map<String, Object> json) {
        return new ActionResult(GatewayResponse.json(200, json), null);
    }

    private static boolean expanded(FormParameters form) {
        return expanded(form, "latest_charge");
    }

    private static boolean expanded(FormParameters form, String expandable) {
        var wanted = form.list("expand").toList();
        if (!List.of(expandable).containsAll(wanted)) {
            throw StripeError.invalid(
                    null, "expand", "The sandbox gateway expands " + expandable + " only.");
        }
        return !wanted.isEmpty();
    }

    private static @Nullable String oneOf(FormParameters form, String name, Set<String> allowed) {
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

    private static ChargeCurrency currency(String code) {
        try {
            var known = ChargeCurrency.find(Currency.getInstance(code.toUpperCase(Locale.ROOT)));
            if (known.isPresent()) {
                return known.get();
            }
        } catch (IllegalArgumentException _) {
            // refused below
        }
        throw StripeError.invalid(null, "currency", "Invalid currency: " + code + ".");
    }

    /// The limits apply as if the account settled in the currency of the charge.
    private static void requireChargeable(long units, ChargeCurrency charged) {
        if (units > ChargeCurrency.toGatewayUnits(charged.maximumCharge())) {
            throw StripeError.invalid(
                    "amount_too_large",
                    "amount",
                    "Amount must be no more than " + charged.maximumCharge() + ".");
        }
        if (units < ChargeCurrency.toGatewayUnits(charged.minimumCharge())) {
            throw StripeError.invalid(
                    "amount_too_small",
                    "amount",
                    "Amount must be at least " + charged.minimumCharge() + ".");
        }
        long smallest =
                ChargeCurrency.toGatewayUnits(
                        new Money(charged.smallestUnit(), charged.currency()));
        if (units % smallest != 0) {
            throw StripeError.invalid(
                    "parameter_invalid_integer",
                    "amount",
                    "Amount must be a multiple of " + smallest + ".");
        }
    }
}
