package dev.orderflow.operations.auditor;

import dev.orderflow.operations.auditor.AuditSnapshot.ArticleBalance;
import dev.orderflow.operations.auditor.AuditSnapshot.EmailRecord;
import dev.orderflow.operations.auditor.AuditSnapshot.GatewayCharge;
import dev.orderflow.operations.auditor.AuditSnapshot.OrderRecord;
import dev.orderflow.operations.auditor.AuditSnapshot.OrderRecords;
import dev.orderflow.operations.auditor.AuditSnapshot.PaymentRecord;
import dev.orderflow.operations.auditor.AuditSnapshot.UnknownOrder;
import dev.orderflow.operations.services.ServiceApi;
import dev.orderflow.operations.services.ServiceApiFactory;
import dev.orderflow.operations.services.ServiceResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.stereotype.Component;

/// Reads the services' internal APIs.
@Component
class HttpServiceClients implements ServiceClients {

    private static final int ARTICLES_PAGE = 200;
    private static final String FIRST_PAGE = "?limit={limit}";
    private static final String NEXT_PAGE = FIRST_PAGE + "&cursor={cursor}";

    private final ServiceApi orders;
    private final ServiceApi payments;
    private final ServiceApi inventory;
    private final ServiceApi shipping;
    private final ServiceApi notifications;

    HttpServiceClients(ServiceApiFactory services, AuditorProperties properties) {
        var readTimeout = properties.readTimeout();
        this.orders = services.orderService(readTimeout);
        this.payments = services.paymentService(readTimeout);
        this.inventory = services.inventoryService(readTimeout);
        this.shipping = services.shippingService(readTimeout);
        this.notifications = services.notificationService(readTimeout);
    }

    @Override
    public OrderChangesPage changes(String after, int limit) {
        var page = page(orders, "/internal/orders/changes", after, limit);
        return new OrderChangesPage(
                page.objects("changes").map(HttpServiceClients::order).toList(),
                page.findText("next").orElse(after));
    }

    @Override
    public List<OrderRecord> findOrders(List<UUID> ids) {
        return ids.isEmpty()
                ? List.of()
                : orders.post("/internal/orders/state-batch", Map.of("orderIds", ids))
                        .objects("orders")
                        .map(HttpServiceClients::order)
                        .toList();
    }

    @Override
    public Optional<GatewayChangesPage> gatewayChanges(String after, int limit) {
        var path = "/internal/payments/gateway-changes";
        var found =
                after.isEmpty()
                        ? Optional.of(payments.get(path + FIRST_PAGE, limit))
                        : payments.find("cursor-expired", path + NEXT_PAGE, limit, after);
        return found.map(
                page ->
                        new GatewayChangesPage(
                                page.uuids("orderIds").toList(),
                                page.findText("next").orElse(after),
                                page.flag("complete")));
    }

    @Override
    public List<OrderRecords> recordsOf(List<OrderRecord> orders) {
        if (orders.isEmpty()) {
            return List.of();
        }
        var ids = Map.of("orderIds", orders.stream().map(OrderRecord::id).toList());
        var payment = payments.post("/internal/payments/state-batch", ids);
        var paymentOf = byOrder(payment, "payments", HttpServiceClients::payment);
        var chargesOf = byOrder(payment, "charges", HttpServiceClients::charge);
        var reservationOf =
                byOrder(
                        inventory.post("/internal/reservations/state-batch", ids),
                        "reservations",
                        reservation -> reservation.text("state"));
        var shipmentOf =
                byOrder(
                        shipping.post("/internal/shipments/state-batch", ids),
                        "shipments",
                        shipment -> shipment.text("state"));
        var emailsOf =
                byOrder(
                        notifications.post("/internal/notifications/state-batch", ids),
                        "emails",
                        email -> new EmailRecord(email.text("eventType"), email.text("state")));
        return orders.stream()
                .map(
                        order ->
                                new OrderRecords(
                                        order,
                                        paymentOf.of(order.id()).stream().findFirst(),
                                        chargesOf.of(order.id()),
                                        reservationOf.of(order.id()).stream().findFirst(),
                                        shipmentOf.of(order.id()).stream().findFirst(),
                                        emailsOf.of(order.id())))
                .toList();
    }

    @Override
    public List<UnknownOrder> chargesOf(List<UUID> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        var chargesOf =
                byOrder(
                        payments.post("/internal/payments/state-batch", Map.of("orderIds", ids)),
                        "charges",
                        HttpServiceClients::charge);
        return ids.stream().map(id -> new UnknownOrder(id, chargesOf.of(id))).toList();
    }

    @Override
    public ArticleBalances articleBalances() {
        return readBalances("", List.of());
    }

    @Override
    public ArticleBalances changedArticleBalances(String since, List<String> more) {
        var filter = new StringBuilder("&changedSince={changedSince}");
        var values = new ArrayList<Object>(List.of(since));
        for (var sku : more) {
            filter.append("&sku={sku}");
            values.add(sku);
        }
        return readBalances(filter.toString(), values);
    }

    /// @param filter more parameters of the query, with placeholders
    private ArticleBalances readBalances(String filter, List<?> values) {
        var articles = new ArrayList<ArticleBalance>();
        var readAt = "";
        var after = "";
        do {
            var path = "/internal/stock/audit?limit={limit}" + filter;
            var parameters = new ArrayList<Object>(List.of(ARTICLES_PAGE));
            parameters.addAll(values);
            if (!after.isEmpty()) {
                path += "&cursor={cursor}";
                parameters.add(after);
            }
            var page = inventory.get(path, parameters.toArray());
            page.objects("articles").map(HttpServiceClients::article).forEach(articles::add);
            if (readAt.isEmpty()) {
                readAt = page.text("readAt");
            }
            after = page.findText("next").orElse("");
        } while (!after.isEmpty());
        return new ArticleBalances(articles, readAt);
    }

    private static ServiceResponse page(ServiceApi service, String path, String after, int limit) {
        return after.isEmpty()
                ? service.get(path + FIRST_PAGE, limit)
                : service.get(path + NEXT_PAGE, limit, after);
    }

    private record RecordsByOrder<T>(Map<UUID, List<T>> all) {

        List<T> of(UUID order) {
            return all.getOrDefault(order, List.of());
        }
    }

    private static <T> RecordsByOrder<T> byOrder(
            ServiceResponse response, String field, Function<ServiceResponse, T> read) {
        var all = new HashMap<UUID, List<T>>();
        response.objects(field)
                .forEach(
                        entry ->
                                all.computeIfAbsent(entry.uuid("orderId"), _ -> new ArrayList<>())
                                        .add(read.apply(entry)));
        return new RecordsByOrder<>(all);
    }

    private static OrderRecord order(ServiceResponse order) {
        return new OrderRecord(
                order.uuid("orderId"), order.text("state"), amount(order.object("total")));
    }

    private static PaymentRecord payment(ServiceResponse payment) {
        return new PaymentRecord(
                payment.text("state"),
                payment.findObject("amount").map(HttpServiceClients::amount),
                payment.findObject("captured").map(HttpServiceClients::amount),
                payment.findObject("refunded").map(HttpServiceClients::amount));
    }

    private static GatewayCharge charge(ServiceResponse charge) {
        return new GatewayCharge(
                amount(charge.object("amount")),
                charge.findObject("captured").map(HttpServiceClients::amount),
                charge.findObject("refunded").map(HttpServiceClients::amount));
    }

    private static ArticleBalance article(ServiceResponse article) {
        return new ArticleBalance(
                article.text("sku"),
                article.number("onHand"),
                article.number("reserved"),
                article.number("ledgerOnHand"),
                article.number("ledgerReserved"),
                article.number("reservedForOrders"));
    }

    private static SignedAmount amount(ServiceResponse amount) {
        return new SignedAmount(amount.decimal("amount"), amount.text("currency"));
    }
}
