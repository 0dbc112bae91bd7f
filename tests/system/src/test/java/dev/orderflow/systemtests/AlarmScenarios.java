package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.contracts.fixture.Repetition;
import dev.orderflow.systemtests.Runbooks.Runbook;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the tests of alarms share: the running system, the operator on call, who follows the
/// runbook of each alarm, and the alarms that were raised and returned to OK.
abstract class AlarmScenarios {

    static final String BUS = "orderflow";
    static final String PUT_EVENTS = "AWSEvents.PutEvents";
    static final JsonMapper JSON = JsonMapper.shared();

    static final RunningSystem system = RunningSystem.hurried();
    static final ShopClient shop = new ShopClient(system);
    static final Queues queues = new Queues(system);
    static final Alarms alarms = new Alarms(system);
    static final Workflows workflows = new Workflows(system);
    static final AlarmSubscriber onCall = new AlarmSubscriber(system);
    static final Runbooks runbooks = new Runbooks(system);

    /// The orders of two events that are parked at the start and get old while the other tests run,
    /// because the alarm on a late outbox needs a minute of the wall clock.
    static final List<String> parked = new ArrayList<>();

    private static final Pattern MESSAGE = Pattern.compile("(?m)^ *([0-9a-f]{8}-[0-9a-f-]{27})\\b");

    private static final Set<String> proven = new TreeSet<>();

    private static @Nullable Connection longTransaction;

    /// Discards what other classes have left, then parks two events and opens a transaction.
    static void prepare() throws SQLException {
        putRight();
        alarms.all().forEach(alarm -> alarms.awaitOk(alarm.alarmName()));
        var transaction = system.openOrdersDatabase();
        longTransaction = transaction;
        transaction.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        transaction.setAutoCommit(false);
        try (var statement = transaction.createStatement()) {
            statement.execute("SELECT count(*) FROM outbox");
        }
        var refusal =
                """
                {"FailedEntryCount":1,"Entries":[{"ErrorCode":"MalformedDetail","ErrorMessage":"no"}]}\
                """;
        try (var _ =
                RunningSystem.cloudInterceptor()
                        .refuse(200, refusal, PUT_EVENTS, shop.customer())) {
            // One after the other, because the response has one entry.
            parked.add(park());
            parked.add(park());
        }
    }

    private static String park() {
        var order = shop.order(shop.stocked("20.00", 5), 1, ShopClient.VISA);
        await().until(
                        () ->
                                shop.internal(
                                                "GET",
                                                system.ordersInside(),
                                                "/internal/outbox/parked",
                                                null)
                                        .toString()
                                        .contains(order));
        return order;
    }

    static void end() throws SQLException {
        if (longTransaction != null) {
            longTransaction.close();
        }
        onCall.close();
        runbooks.close();
    }

    /// The alarms that were raised by a fault and returned to OK.
    static Set<String> proven() {
        return proven;
    }

    @AfterEach
    void leaveNothingOpen() {
        putRight();
    }

    /// Waits until an alarm is raised and notified.
    ///
    /// @return its runbook
    static Runbook raised(String alarm) {
        onCall.awaitNotification(alarm);
        return runbooks.named(alarms.runbookOf(alarm));
    }

    /// Waits until an alarm is raised and notified that lasts until the runbook was followed.
    static Runbook lasting(String alarm) {
        var runbook = raised(alarm);
        alarms.awaitAlarm(alarm);
        return runbook;
    }

    /// Waits until alarms with the same runbook are raised and notified.
    static Runbook raised(Stream<String> names) {
        var all = names.map(AlarmScenarios::raised).toList();
        return all.getFirst();
    }

    static void returns(String... names) {
        returns(Stream.of(names));
    }

    static void returns(Stream<String> names) {
        names.forEach(
                name -> {
                    alarms.awaitOk(name);
                    proven.add(name);
                });
    }

    /// Discards the dead letters and resolves the work items that a test leaves, with the commands
    /// of their runbooks. The items of parked events are resolved when the events are released.
    private static void putRight() {
        queues.names().stream()
                .filter(name -> name.endsWith("-dlq"))
                .filter(name -> queues.depth(name) > 0)
                .forEach(AlarmScenarios::discardAll);
        var open =
                shop.internal("GET", system.ordersInside(), "/internal/work-items?limit=200", null);
        for (var item : open.path("items")) {
            if (!parked.contains(item.path("orderId").asString())) {
                resolve(item);
            }
        }
    }

    /// Discards every message of a dead-letter queue, as its runbook says.
    static void discardAll(String queue) {
        var runbook = runbooks.named("dead-letters.md").with("queue", queue);
        await(queue + " to be empty")
                .until(
                        () -> {
                            MESSAGE.matcher(runbook.run("./orderflow dlq show"))
                                    .results()
                                    .forEach(
                                            message ->
                                                    runbook.with("message", message.group(1))
                                                            .attempt("./orderflow dlq discard"));
                            return queues.depth(queue) == 0;
                        });
    }

    /// Resolves the work item of an order, as its runbook says.
    static void resolveWorkItem(String order) {
        var items =
                await().until(
                                () ->
                                        shop.internal(
                                                        "GET",
                                                        system.ordersInside(),
                                                        "/internal/work-items?limit=200",
                                                        null)
                                                .path("items")
                                                .valueStream()
                                                .filter(
                                                        item ->
                                                                item.path("orderId")
                                                                        .asString()
                                                                        .equals(order))
                                                .toList(),
                                found -> !found.isEmpty());
        items.forEach(AlarmScenarios::resolve);
    }

    /// An item may be resolved by a transition of its order meanwhile.
    private static void resolve(JsonNode item) {
        runbooks.named("stuck-orders.md")
                .with("item", item.path("id").asString())
                .attempt("./orderflow work-items resolve");
    }

    static Runbook forOrder(Runbook runbook, String order) {
        return runbook.with("order", order).with("arn", execution(order));
    }

    private static String execution(String order) {
        return "arn:aws:states:us-east-1:000000000000:execution:order-workflow:" + order;
    }

    /// Places an order that is rejected because there is not enough stock.
    static String rejected() {
        var order = shop.order(shop.stocked("20.00", 1), 2, ShopClient.VISA);
        shop.awaitState(order, "REJECTED");
        return order;
    }

    /// Authorises a payment at payment-service, without the workflow of its order.
    static int authorize(String order, String amount) {
        return Repetition.untilAvailable(() -> attemptToAuthorize(order, amount)).statusCode();
    }

    /// Same as above, without a repetition.
    static HttpResponse<String> attemptToAuthorize(String order, String amount) {
        return shop.sendOnce(
                "POST",
                system.payments(),
                "/internal/payments/" + order + "/authorization",
                Map.of(
                        "X-Api-Key",
                        system.internalApiKey(),
                        "Idempotency-Key",
                        order + ":authorization"),
                "{\"customerRef\":\"%s\",\"paymentMethodId\":\"%s\",\"amount\":%s}"
                        .formatted(
                                shop.customer(),
                                ShopClient.VISA,
                                "{\"amount\":\"" + amount + "\",\"currency\":\"EUR\"}"));
    }

    /// Reserves stock at inventory-service for an order that no other service has.
    static String reserved() {
        var order = UUID.randomUUID().toString();
        var body = JSON.createObjectNode().put("orderId", order);
        body.putArray("lines").addObject().put("sku", shop.stocked("10.00", 1)).put("quantity", 1);
        shop.internal("POST", system.inventory(), "/internal/reservations", body);
        return order;
    }

    static void gateway(String fault) {
        var answer = shop.send("PUT", system.gateway(), "/sandbox/faults", Map.of(), fault);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    /// Places an order whose parcel leaves and whose capture the gateway refuses once.
    ///
    /// @return the order, whose workflow has failed
    static String withRefusedCapture() {
        // The fault is for the next capture, which may not be that of an order of another test.
        workflows.awaitIdle();
        gateway(
                """
                {"mode":"refused","code":"processing_error","on":"capture","times":1}""");
        var order = shop.order(shop.stocked("49.90", 5), 1, ShopClient.VISA);
        workflows.ended(order);
        return order;
    }

    /// The group of the failed execution of an order, quoted for the shell.
    static String failedGroup(String order) {
        var group =
                await().until(
                                () -> {
                                    var cursor = "";
                                    do {
                                        var page =
                                                shop.internal(
                                                        "GET",
                                                        system.operations(),
                                                        "/internal/operations/workflows/failed?limit=100"
                                                                + cursor,
                                                        null);
                                        for (var execution : page.path("executions")) {
                                            if (execution
                                                    .path("executionName")
                                                    .asString()
                                                    .equals(order)) {
                                                return execution.path("group").asString();
                                            }
                                        }
                                        cursor =
                                                page.has("next")
                                                        ? "&cursor=" + page.path("next").asString()
                                                        : "";
                                    } while (!cursor.isEmpty());
                                    return "";
                                },
                                found -> !found.isEmpty());
        return "'" + group + "'";
    }
}
