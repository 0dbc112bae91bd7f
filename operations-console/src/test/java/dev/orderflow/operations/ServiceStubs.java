package dev.orderflow.operations;

import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.RecordedRequest;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import dev.orderflow.defaults.history.OrderHistory;
import dev.orderflow.defaults.history.OrderHistoryEntry;
import dev.orderflow.defaults.history.OrderHistoryOutcome;
import dev.orderflow.defaults.history.OrderIncidentType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/// HTTP stubs of the services that the console calls, with the records that a test stores.
public final class ServiceStubs
        implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    /// The total of every order, as JSON.
    public static final String TOTAL = "{\"amount\":\"49.90\",\"currency\":\"EUR\"}";

    /// A gateway cursor whose changes the gateway no longer lists.
    public static final String EXPIRED_CURSOR = "expired";

    /// What the services recorded about an order. Empty means no record.
    public static final class StubbedOrder {
        public final UUID id = UUID.randomUUID();
        public String state = "PENDING";
        public String payment = "";
        public List<String> charges = new ArrayList<>();
        public String reservation = "";
        public String shipment = "";
        public List<String> emails = new ArrayList<>();

        /// Whether order-service has lost it; the other services know it.
        public boolean lost;

        /// What a service responds about the history, by its resource, for example `payments`.
        public final Map<String, OrderHistory> histories = new LinkedHashMap<>();

        String order() {
            return "{\"orderId\":\"%s\",\"state\":\"%s\",\"needsAttention\":false,\"total\":%s,\"version\":1,\"changedAt\":\"2026-11-02T09:15:30Z\"}"
                    .formatted(id, state, TOTAL);
        }

        String with(String fields) {
            return "{\"orderId\":\"%s\",%s}".formatted(id, fields);
        }
    }

    private static final HttpStub SERVICES = new HttpStub(ServiceStubs::respond);
    /// The URL of each service has its name as the first segment, such as `/payment-service`.
    private static final String[] SERVICE_NAMES = {
        "order", "inventory", "payment", "shipping", "notification", "analytics"
    };

    private static final Pattern SERVICE = Pattern.compile("^/[a-z]+-service(?=/internal/)");
    private static final Pattern PARAMETER = Pattern.compile("([^&=]+)=([^&]*)");

    private static final Map<UUID, StubbedOrder> ORDERS = new LinkedHashMap<>();
    private static final Map<String, String> ARTICLES = new LinkedHashMap<>();

    /// The number of each article's last change; the time of the database, for the auditor.
    private static final Map<String, Integer> ARTICLE_CHANGES = new LinkedHashMap<>();

    private static int articleChanges;
    private static final List<UUID> CHANGES = new ArrayList<>();
    private static final List<UUID> GATEWAY_CHANGES = new ArrayList<>();
    private static String unavailablePath = "";

    /// The responses to paths that tests set.
    private static final Map<String, StubResponse> RESPONSES = new LinkedHashMap<>();

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        TestPropertyValues.of(
                        Stream.of(SERVICE_NAMES)
                                .map(
                                        service ->
                                                "orderflow.%s.url=%s/%s-service"
                                                        .formatted(
                                                                service, SERVICES.url(), service)))
                .and(
                        Stream.of("order-api", "issuer", "gateway", "carrier", "cloud")
                                .map(
                                        part ->
                                                "orderflow.operations.workbench.%s-url=%s"
                                                        .formatted(part, SERVICES.url())))
                .applyTo(context);
    }

    /// Removes all records, and makes all services available.
    public static synchronized void reset() {
        ORDERS.clear();
        ARTICLES.clear();
        CHANGES.clear();
        GATEWAY_CHANGES.clear();
        RESPONSES.clear();
        unavailablePath = "";
    }

    /// Responds with this JSON to all requests of a path. A path that begins with `/internal/` is
    /// that of all services; with `/payment-service` before it, that of one.
    public static synchronized void setResponse(String path, String json) {
        setResponse(path, 200, json);
    }

    /// Responds with this status and JSON to all requests of a path.
    public static synchronized void setResponse(String path, int status, String json) {
        RESPONSES.put(path, new StubResponse(status, json));
    }

    /// The requests of a path, the earliest first.
    public static List<RecordedRequest> requests(String path) {
        return SERVICES.requests(request -> withoutService(request.path()).equals(path));
    }

    /// Stores an order in this state, which no other service knows.
    public static StubbedOrder putOrder(String state) {
        var order = new StubbedOrder();
        order.state = state;
        put(order);
        return order;
    }

    /// Makes the history of an order say that its consumer handled a redriven message.
    public static synchronized void recordHandled(UUID order, String resource, String messageId) {
        var stubbed = ORDERS.get(order);
        if (stubbed != null) {
            stubbed.histories.put(
                    resource,
                    OrderHistory.of(
                            List.of(),
                            List.of(
                                    OrderHistoryEntry.of(
                                                    Instant.now(),
                                                    "consumer",
                                                    OrderIncidentType.MESSAGE_REDRIVEN.name(),
                                                    OrderHistoryOutcome.DONE,
                                                    "It was handled.")
                                            .withId("messageId", messageId))));
        }
    }

    /// Stores an order without a change.
    public static synchronized void put(StubbedOrder order) {
        ORDERS.put(order.id, order);
    }

    /// Stores an order, and adds a change of it.
    public static synchronized void change(StubbedOrder order) {
        put(order);
        CHANGES.add(order.id);
    }

    /// Adds a change of an order at the payment gateway.
    public static synchronized void changeAtGateway(UUID order) {
        GATEWAY_CHANGES.add(order);
    }

    /// Stores the stock of an article, the ledger's sum of it, and the open reservations.
    public static synchronized void putArticle(
            String sku, long onHand, long reserved, long ledgerOnHand, long openReservations) {
        ARTICLE_CHANGES.put(sku, ++articleChanges);
        ARTICLES.put(
                sku,
                "{\"sku\":\"%s\",\"onHand\":%d,\"reserved\":%d,\"ledgerOnHand\":%d,\"ledgerReserved\":%d,\"reservedForOrders\":%d,\"consistent\":true}"
                        .formatted(
                                sku, onHand, reserved, ledgerOnHand, reserved, openReservations));
    }

    /// Responds with 503 to all paths that begin with this one; empty for none.
    public static synchronized void setUnavailable(String path) {
        unavailablePath = path;
    }

    private static synchronized StubResponse respond(RecordedRequest request) {
        var path = withoutService(request.path());
        if (!unavailablePath.isEmpty()
                && (path.startsWith(unavailablePath)
                        || request.path().startsWith(unavailablePath))) {
            return new StubResponse(503, "");
        }
        var set = RESPONSES.getOrDefault(request.path(), RESPONSES.get(path));
        if (set != null) {
            return set;
        }
        if (path.startsWith("/internal/customers/")) {
            return ok(
                    request.method().equals("DELETE")
                            ? "{\"erasedOrders\":2,\"erasedFingerprints\":1,\"markedOrders\":1,\"markedOrderIds\":[\"o1\"]}"
                            : "{\"finalOrders\":2,\"openOrders\":1,\"openOrderIds\":[\"o1\"],\"markedOrders\":0,\"erasedOrders\":4}");
        }
        if (path.endsWith("/history")) {
            return history(path.split("/", -1));
        }
        return switch (path) {
            case "/internal/orders" ->
                    request.query().contains("state=LOST")
                            ? new StubResponse(
                                    400,
                                    "{\"type\":\"https://orderflow.dev/problems/invalid-request\",\"detail\":\"`state` is wrong.\",\"errors\":[{\"field\":\"state\",\"message\":\"must be known\"}]}")
                            : ok("{\"orders\":[],\"query\":\"%s\"}".formatted(request.query()));
            case "/internal/operator-actions" -> ok("{\"actions\":[]}");
            case "/internal/orders/ages" ->
                    ok("{\"boundsSeconds\":[60,900],\"complete\":true,\"states\":[]}");
            case "/internal/orders/changes" -> changes(parameters(request));
            case "/internal/orders/state-batch" ->
                    ok(
                            "{\"orders\":[%s]}"
                                    .formatted(
                                            join(
                                                    requested(request)
                                                            .filter(order -> !order.lost)
                                                            .map(StubbedOrder::order))));
            case "/internal/payments/gateway-changes" -> gatewayChanges(parameters(request));
            case "/internal/stock/audit" -> stockAudit(request);
            case "/internal/payments/state-batch" ->
                    ok(
                            "{\"payments\":[%s],\"charges\":[%s]}"
                                    .formatted(
                                            records(request, order -> List.of(order.payment)),
                                            records(request, order -> order.charges)));
            case "/internal/reservations/state-batch" ->
                    ok(
                            "{\"reservations\":[%s]}"
                                    .formatted(
                                            records(request, order -> state(order.reservation))));
            case "/internal/shipments/state-batch" ->
                    ok(
                            "{\"shipments\":[%s]}"
                                    .formatted(records(request, order -> state(order.shipment))));
            case "/internal/notifications/state-batch" ->
                    ok("{\"emails\":[%s]}".formatted(records(request, order -> order.emails)));
            default -> order(path);
        };
    }

    private static String withoutService(String path) {
        return SERVICE.matcher(path).replaceFirst("");
    }

    private static StubResponse history(String[] path) {
        var resource = path[2];
        var order = ORDERS.get(UUID.fromString(path[3]));
        if (order == null && resource.equals("orders")) {
            return new StubResponse(
                    404, "{\"type\":\"https://orderflow.dev/problems/order-not-found\"}");
        }
        var empty = OrderHistory.of(List.of(), List.of());
        return ok(
                JsonMapper.shared()
                        .writeValueAsString(
                                order == null
                                        ? empty
                                        : order.histories.getOrDefault(resource, empty)));
    }

    private static StubResponse order(String path) {
        var order =
                path.startsWith("/internal/orders/")
                        ? ORDERS.get(UUID.fromString(path.substring("/internal/orders/".length())))
                        : null;
        return order == null
                ? new StubResponse(
                        404, "{\"type\":\"https://orderflow.dev/problems/order-not-found\"}")
                : ok(order.order());
    }

    private static StubResponse changes(Map<String, String> parameters) {
        int from = Integer.parseInt(parameters.getOrDefault("cursor", "0"));
        int to =
                Math.min(
                        CHANGES.size(),
                        from + Integer.parseInt(parameters.getOrDefault("limit", "")));
        return ok(
                "{\"changes\":[%s],\"next\":\"%d\"}"
                        .formatted(
                                join(
                                        CHANGES.subList(from, to).stream()
                                                .map(ORDERS::get)
                                                .filter(order -> order != null && !order.lost)
                                                .map(StubbedOrder::order)),
                                to));
    }

    /// One change per page.
    private static StubResponse gatewayChanges(Map<String, String> parameters) {
        var after = parameters.getOrDefault("cursor", "0");
        if (after.equals(EXPIRED_CURSOR)) {
            return new StubResponse(
                    410, "{\"type\":\"https://orderflow.dev/problems/cursor-expired\"}");
        }
        int from = Integer.parseInt(after);
        int to = Math.min(GATEWAY_CHANGES.size(), from + 1);
        return ok(
                "{\"orderIds\":[%s],\"next\":\"%d\",\"complete\":%b}"
                        .formatted(
                                join(
                                        GATEWAY_CHANGES.subList(from, to).stream()
                                                .map("\"%s\""::formatted)),
                                to,
                                to == GATEWAY_CHANGES.size()));
    }

    private static StubResponse stockAudit(RecordedRequest request) {
        var since = Integer.parseInt(parameters(request).getOrDefault("changedSince", "-1"));
        var named = parameterValues(request, "sku");
        return ok(
                "{\"articles\":[%s],\"readAt\":\"%d\"}"
                        .formatted(
                                join(
                                        ARTICLES.entrySet().stream()
                                                .filter(
                                                        it ->
                                                                since < change(it.getKey())
                                                                        || named.contains(
                                                                                it.getKey()))
                                                .map(Map.Entry::getValue)),
                                articleChanges));
    }

    private static int change(String sku) {
        return ARTICLE_CHANGES.getOrDefault(sku, 0);
    }

    private static List<String> parameterValues(RecordedRequest request, String name) {
        return PARAMETER
                .matcher(request.query())
                .results()
                .filter(found -> found.group(1).equals(name))
                .map(found -> found.group(2))
                .toList();
    }

    private static Map<String, String> parameters(RecordedRequest request) {
        return PARAMETER
                .matcher(request.query())
                .results()
                .collect(
                        Collectors.toMap(
                                found -> found.group(1),
                                found -> found.group(2),
                                (_, last) -> last));
    }

    /// The records of the requested orders; an empty record is left out.
    private static String records(
            RecordedRequest request, Function<StubbedOrder, List<String>> fields) {
        return join(
                requested(request)
                        .flatMap(
                                order ->
                                        fields.apply(order).stream()
                                                .filter(record -> !record.isEmpty())
                                                .map(order::with)));
    }

    /// The orders of a request for many, without the unknown ones.
    private static Stream<StubbedOrder> requested(RecordedRequest request) {
        return JsonMapper.shared()
                .readTree(request.body())
                .path("orderIds")
                .valueStream()
                .map(id -> ORDERS.get(UUID.fromString(id.stringValue())))
                .filter(Objects::nonNull);
    }

    private static List<String> state(String state) {
        return state.isEmpty() ? List.of() : List.of("\"state\":\"%s\"".formatted(state));
    }

    private static StubResponse ok(String body) {
        return new StubResponse(200, body);
    }

    private static String join(Stream<String> elements) {
        return elements.collect(Collectors.joining(","));
    }
}
