package dev.orderflow.operations.auditor;

import dev.orderflow.defaults.security.InternalRestClientFactory;
import dev.orderflow.operations.OperationsProperties;
import dev.orderflow.operations.auditor.AuditSnapshot.ArticleBalance;
import dev.orderflow.operations.auditor.AuditSnapshot.EmailRecord;
import dev.orderflow.operations.auditor.AuditSnapshot.GatewayCharge;
import dev.orderflow.operations.auditor.AuditSnapshot.OrderRecord;
import dev.orderflow.operations.auditor.AuditSnapshot.OrderRecords;
import dev.orderflow.operations.auditor.AuditSnapshot.PaymentRecord;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Asks the services' internal APIs. What is missing in an answer is no answer: an empty page
/// from whatever else listens there must not look like an order without charges.
@Component
class HttpServiceClients implements ServiceClients {

    private static final int BOOKS_PAGE = 200;

    private final RestClient orders;
    private final RestClient payments;
    private final RestClient inventory;
    private final RestClient shipping;
    private final RestClient notifications;

    HttpServiceClients(
            InternalRestClientFactory clients,
            OperationsProperties services,
            AuditorProperties properties) {
        var patience = properties.patience();
        this.orders = clients.create(services.orderUrl(), patience);
        this.payments = clients.create(services.paymentUrl(), patience);
        this.inventory = clients.create(services.inventoryUrl(), patience);
        this.shipping = clients.create(services.shippingUrl(), patience);
        this.notifications = clients.create(services.notificationUrl(), patience);
    }

    @Override
    public OrderChangesPage changes(String after, int most) {
        return call(
                "order-service",
                () -> {
                    var page =
                            read(
                                    orders.get()
                                            .uri(
                                                    uri ->
                                                            uri.path("/internal/orders/changes")
                                                                    .queryParamIfPresent(
                                                                            "after",
                                                                            Optional.of(after)
                                                                                    .filter(
                                                                                            given ->
                                                                                                    !given
                                                                                                            .isEmpty()))
                                                                    .queryParam("limit", most)
                                                                    .build())
                                            .retrieve()
                                            .body(String.class));
                    var next = page.path("next");
                    return new OrderChangesPage(
                            list(page, "changes").map(HttpServiceClients::order).toList(),
                            next.isMissingNode() || next.isNull() ? after : next.asString());
                });
    }

    @Override
    public OrderRecord order(UUID id) {
        return call(
                "order-service",
                () ->
                        order(
                                read(
                                        orders.get()
                                                .uri("/internal/orders/{id}", id)
                                                .retrieve()
                                                .body(String.class))));
    }

    @Override
    public Optional<GatewayChangesPage> gatewayChanges(String after, int most) {
        return call(
                "payment-service",
                () -> {
                    JsonNode page;
                    try {
                        page =
                                read(
                                        payments.get()
                                                .uri(
                                                        after.isEmpty()
                                                                ? "/internal/payments/gateway-changes?limit={limit}"
                                                                : "/internal/payments/gateway-changes?limit={limit}&after={after}",
                                                        most,
                                                        after)
                                                .retrieve()
                                                .body(String.class));
                    } catch (HttpClientErrorException.Gone forgotten) {
                        return Optional.empty();
                    }
                    return Optional.of(
                            new GatewayChangesPage(
                                    list(page, "orderIds")
                                            .map(id -> UUID.fromString(id.stringValue("")))
                                            .toList(),
                                    page.path("next").stringValue(after),
                                    page.path("complete").booleanValue(true)));
                });
    }

    @Override
    public List<OrderRecords> recordsOf(List<OrderRecord> orders) {
        if (orders.isEmpty()) {
            return List.of();
        }
        var ids = Map.of("orderIds", orders.stream().map(OrderRecord::id).toList());
        var paid =
                call(
                        "payment-service",
                        () -> post(payments, "/internal/payments/status-batch", ids));
        var paymentOf =
                call(
                        "payment-service",
                        () -> byOrder(paid, "payments", HttpServiceClients::payment));
        var chargesOf =
                call("payment-service", () -> byOrder(paid, "charges", HttpServiceClients::charge));
        var reservationOf =
                call(
                        "inventory-service",
                        () ->
                                byOrder(
                                        post(inventory, "/internal/reservations/status-batch", ids),
                                        "reservations",
                                        HttpServiceClients::status));
        var shipmentOf =
                call(
                        "shipping-service",
                        () ->
                                byOrder(
                                        post(shipping, "/internal/shipments/status-batch", ids),
                                        "shipments",
                                        HttpServiceClients::status));
        var mailsOf =
                call(
                        "notification-service",
                        () ->
                                byOrder(
                                        post(
                                                notifications,
                                                "/internal/notifications/status-batch",
                                                ids),
                                        "emails",
                                        HttpServiceClients::mail));
        return orders.stream()
                .map(
                        order ->
                                new OrderRecords(
                                        order,
                                        paymentOf.of(order.id()).stream().findFirst(),
                                        chargesOf.of(order.id()),
                                        reservationOf.of(order.id()).stream().findFirst(),
                                        shipmentOf.of(order.id()).stream().findFirst(),
                                        mailsOf.of(order.id())))
                .toList();
    }

    @Override
    public List<ArticleBalance> articleBalances() {
        return call(
                "inventory-service",
                () -> {
                    var articles = new ArrayList<ArticleBalance>();
                    var after = "";
                    do {
                        var page =
                                read(
                                        inventory
                                                .get()
                                                .uri(
                                                        after.isEmpty()
                                                                ? "/internal/stock/audit?limit={limit}"
                                                                : "/internal/stock/audit?limit={limit}&after={after}",
                                                        BOOKS_PAGE,
                                                        after)
                                                .retrieve()
                                                .body(String.class));
                        list(page, "articles")
                                .map(HttpServiceClients::article)
                                .forEach(articles::add);
                        after = page.path("next").asString("");
                    } while (!after.isEmpty());
                    return articles;
                });
    }

    private record RecordsByOrder<T>(Map<UUID, List<T>> all) {

        List<T> of(UUID order) {
            return all.getOrDefault(order, List.of());
        }
    }

    private static <T> RecordsByOrder<T> byOrder(
            JsonNode answer, String name, Function<JsonNode, T> reading) {
        var all = new HashMap<UUID, List<T>>();
        list(answer, name)
                .forEach(
                        one ->
                                all.computeIfAbsent(uuid(one), _ -> new ArrayList<>())
                                        .add(reading.apply(one)));
        return new RecordsByOrder<>(all);
    }

    private static JsonNode post(RestClient service, String path, Object body) {
        return read(
                service.post()
                        .uri(path)
                        .contentType(MediaType.APPLICATION_JSON)
                        .body(body)
                        .retrieve()
                        .body(String.class));
    }

    private interface ServiceCall<T> {
        T execute();
    }

    private static <T> T call(String whom, ServiceCall<T> question) {
        try {
            return question.execute();
        } catch (HttpClientErrorException.NotFound missing) {
            // Another 404 would come from whatever else listens there, and proves nothing.
            throw missing.getResponseBodyAsString().contains("/problems/order-not-found")
                    ? new UnknownOrderException(missing)
                    : ServiceUnavailableException.of(whom, missing);
        } catch (RestClientException | JacksonException | IllegalArgumentException failed) {
            throw ServiceUnavailableException.of(whom, failed);
        }
    }

    private static JsonNode read(@Nullable String body) {
        return JsonMapper.shared().readTree(body == null ? "" : body);
    }

    private static Stream<JsonNode> list(JsonNode answer, String name) {
        var list = answer.path(name);
        if (!list.isArray()) {
            throw new IllegalArgumentException(name + " must be there");
        }
        return list.valueStream();
    }

    private static OrderRecord order(JsonNode order) {
        return new OrderRecord(
                uuid(order),
                text(order, "state"),
                money(order.path("total")).orElseThrow(IllegalArgumentException::new));
    }

    private static PaymentRecord payment(JsonNode payment) {
        return new PaymentRecord(
                text(payment, "paymentStatus"),
                money(payment.path("amount")),
                money(payment.path("captured")),
                money(payment.path("refunded")));
    }

    private static GatewayCharge charge(JsonNode charge) {
        return new GatewayCharge(
                money(charge.path("amount")).orElseThrow(IllegalArgumentException::new),
                money(charge.path("captured")),
                money(charge.path("refunded")));
    }

    private static EmailRecord mail(JsonNode mail) {
        return new EmailRecord(text(mail, "eventType"), text(mail, "state"));
    }

    private static ArticleBalance article(JsonNode article) {
        return new ArticleBalance(
                text(article, "sku"),
                number(article, "onHand"),
                number(article, "reserved"),
                number(article, "ledgerOnHand"),
                number(article, "ledgerReserved"),
                number(article, "heldForOrders"));
    }

    private static String status(JsonNode one) {
        return text(one, "status");
    }

    private static UUID uuid(JsonNode one) {
        return UUID.fromString(text(one, "orderId"));
    }

    private static String text(JsonNode one, String name) {
        var value = one.path(name).stringValue(null);
        if (value == null) {
            throw new IllegalArgumentException(name + " must be there");
        }
        return value;
    }

    private static long number(JsonNode one, String name) {
        if (!one.path(name).isIntegralNumber()) {
            throw new IllegalArgumentException(name + " must be there");
        }
        return one.path(name).longValue();
    }

    private static Optional<SignedAmount> money(JsonNode money) {
        return money.isObject()
                ? Optional.of(
                        new SignedAmount(
                                new BigDecimal(text(money, "amount")), text(money, "currency")))
                : Optional.empty();
    }
}
