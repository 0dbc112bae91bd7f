package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.contracts.EventLine;
import dev.orderflow.contracts.OrderCancellationRequested;
import dev.orderflow.contracts.OrderShipped;
import dev.orderflow.contracts.Total;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.ConnectionAuthorizationType;
import software.amazon.awssdk.services.eventbridge.model.Target;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Each test injects a fault, checks that its alarm is raised and the topic notified, removes the
/// fault and checks that the alarm returns to OK. One test fails if an alarm has no test.
@TestMethodOrder(OrderAnnotation.class)
@ResourceLock(RunningSystem.HURRIED)
class AlarmsTest {

    private static final int BEFORE_THE_OUTAGE = Integer.MAX_VALUE - 2;
    private static final int OUTAGE = Integer.MAX_VALUE - 1;
    private static final int LAST = Integer.MAX_VALUE;
    private static final String BUS = "orderflow";
    private static final String CONNECTION = "orderflow-internal-api";
    private static final String PUT_EVENTS = "AWSEvents.PutEvents";
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final RunningSystem system = RunningSystem.hurried();
    private static final ShopClient shop = new ShopClient(system);
    private static final Queues queues = new Queues(system);
    private static final Alarms alarms = new Alarms(system);
    private static final Workflows workflows = new Workflows(system);
    private static final AlarmSubscriber onCall = new AlarmSubscriber(system);

    private static final Set<String> proven = new TreeSet<>();

    /// The event is parked at the start and gets old while the other tests run, because the alarm
    /// on a late outbox needs a minute of the wall clock.
    private static String parked = "";

    /// Opened at the start, for the same reason.
    private static Connection longTransaction;

    @BeforeAll
    static void parkAnEventAndOpenATransaction() throws SQLException {
        putRight();
        alarms.all().forEach(alarm -> alarms.awaitOk(alarm.alarmName()));
        longTransaction = system.openOrdersDatabase();
        longTransaction.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        longTransaction.setAutoCommit(false);
        try (var statement = longTransaction.createStatement()) {
            statement.execute("SELECT count(*) FROM outbox");
        }
        var refusal =
                """
                {"FailedEntryCount":1,"Entries":[{"ErrorCode":"MalformedDetail","ErrorMessage":"no"}]}\
                """;
        try (var _ =
                RunningSystem.cloudInterceptor()
                        .refuse(200, refusal, PUT_EVENTS, shop.customer())) {
            parked = shop.order(shop.stocked("20.00", 5), 1, ShopClient.VISA);
            await().until(
                            () ->
                                    shop.internal(
                                                    "GET",
                                                    system.ordersInside(),
                                                    "/internal/outbox/parked",
                                                    null)
                                            .toString()
                                            .contains(parked));
        }
    }

    /// The actions of an operator after the fault is removed.
    @AfterEach
    void afterwards() {
        putRight();
    }

    @AfterAll
    static void stopListening() throws SQLException {
        longTransaction.close();
        onCall.close();
    }

    @Test
    @Order(LAST)
    void everyAlarmIsTested() {
        assertThat(proven)
                .containsExactlyInAnyOrderElementsOf(
                        alarms.all().stream().map(MetricAlarm::alarmName).toList());
        System.out.printf("%d alarms went off and returned%n", proven.size());
    }

    @Test
    void everyMetricOfAnAlarmIsPublished() {
        var watched =
                alarms.all().stream()
                        .flatMap(alarm -> Alarms.metricsOf(alarm).stream())
                        .filter(
                                metric ->
                                        Set.of("Orderflow", "AWS/SQS").contains(metric.namespace()))
                        .map(
                                metric ->
                                        Alarms.name(
                                                metric.namespace(),
                                                metric.metricName(),
                                                metric.dimensions().stream()
                                                        .collect(
                                                                Collectors.toMap(
                                                                        Dimension::name,
                                                                        Dimension::value))))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(watched).hasSizeGreaterThan(30);
        await().untilAsserted(() -> assertThat(alarms.published()).containsAll(watched));
    }

    /// First the consumer cannot receive, and messages wait; then it receives them and cannot
    /// handle them.
    @Test
    void unreceivedMessagesAndDeadLettersRaiseTheirAlarms() {
        var guarded =
                alarms.all().stream()
                        .map(MetricAlarm::alarmName)
                        .filter(name -> name.endsWith("-backlog"))
                        .map(name -> name.replace("-backlog", ""))
                        .toList();
        assertThat(guarded).containsExactlyInAnyOrderElementsOf(RunningSystem.queueNames());
        var backlogs = guarded.stream().map(queue -> queue + "-backlog").toArray(String[]::new);
        var deadLetters =
                guarded.stream().map(queue -> queue + "-dead-letters").toArray(String[]::new);

        try (var _ =
                RunningSystem.cloudInterceptor().closeConnectionsOf("AmazonSQS.ReceiveMessage")) {
            guarded.forEach(queue -> queues.send(queue, "nonsense"));
            goesOff(backlogs);
        }
        returns(backlogs);
        goesOff(deadLetters);
        guarded.forEach(queue -> queues.purge(queue + "-dlq"));
        returns(deadLetters);
    }

    /// Each rule gets a second target whose queue and dead-letter queue do not exist.
    @Test
    void undeliverableEventsRaiseTheirAlarms() {
        var lost =
                Map.of(
                        "start-fulfilment", BUS,
                        "track-order-progress", BUS,
                        "deduct-stock", BUS,
                        "cancel-shipment", BUS,
                        "notify", BUS,
                        "project-analytics", BUS,
                        "watch-workflows", "default",
                        "watch-connection", "default");
        try (var events = system.client(EventBridgeClient.builder())) {
            lost.forEach((rule, bus) -> target(events, rule, bus, "gone", "gone-too"));
            target(events, "project-analytics", BUS, "gone", "undelivered-events");

            var shipped = shop.order(shop.stocked("20.00", 5), 1, ShopClient.VISA);
            var cancelled = shop.order(shop.stocked("1500.00", 1), 1, ShopClient.VISA);
            await().until(() -> workflows.exists(cancelled));
            shop.cancel(cancelled);
            workflows.start("broken-" + UUID.randomUUID(), "{}");
            loseConnectionForAMoment(events);
            goesOff(lost.keySet().stream().map(rule -> rule + "-events-lost"));
            goesOff("undelivered-events");
            shop.awaitState(shipped, "SHIPPED");
            shop.awaitState(cancelled, "CANCELLED");

            lost.forEach(
                    (rule, bus) ->
                            events.removeTargets(
                                    remove ->
                                            remove.rule(rule)
                                                    .eventBusName(bus)
                                                    .ids("gone-too", "undelivered-events")));
            queues.purge("undelivered-events");
        }
        returns(lost.keySet().stream().map(rule -> rule + "-events-lost"));
        returns("undelivered-events");
    }

    @Test
    void aDeauthorizedConnectionRaisesItsAlarm() {
        try (var events = system.client(EventBridgeClient.builder())) {
            loseConnectionForAMoment(events);
        }
        goesOff("workflow-connection");
        returns("workflow-connection");
    }

    /// Running workflows retry their calls meanwhile.
    private static void loseConnectionForAMoment(EventBridgeClient events) {
        events.deauthorizeConnection(it -> it.name(CONNECTION));
        events.updateConnection(
                it ->
                        it.name(CONNECTION)
                                .authorizationType(ConnectionAuthorizationType.API_KEY)
                                .authParameters(
                                        auth ->
                                                auth.apiKeyAuthParameters(
                                                        key ->
                                                                key.apiKeyName("X-Api-Key")
                                                                        .apiKeyValue(
                                                                                system
                                                                                        .internalApiKey()))));
    }

    private static void target(
            EventBridgeClient events, String rule, String bus, String queue, String deadLetters) {
        var arns = "arn:aws:sqs:us-east-1:000000000000:";
        var answer =
                events.putTargets(
                        put ->
                                put.rule(rule)
                                        .eventBusName(bus)
                                        .targets(
                                                Target.builder()
                                                        .id(deadLetters)
                                                        .arn(arns + queue)
                                                        .deadLetterConfig(
                                                                dead ->
                                                                        dead.arn(
                                                                                arns + deadLetters))
                                                        .build()));
        assertThat(answer.failedEntries()).isEmpty();
    }

    /// No workflow runs for the year after which Step Functions times it out. Therefore the state
    /// machine temporarily has a definition that waits, and one with a short time-out.
    @Test
    void failedTimedOutAndStoppedWorkflowsRaiseTheirAlarms() {
        workflows.start("broken-" + UUID.randomUUID(), "{}");
        goesOff("workflow-failed");

        workflows.meanwhile(
                waitingFor(86_400),
                () -> {
                    var stopped = "stopped-" + UUID.randomUUID();
                    workflows.start(stopped, "{}");
                    workflows.stop(stopped);
                });
        goesOff("workflow-aborted");

        workflows.meanwhile(
                waitingFor(60),
                () -> {
                    var slow = "slow-" + UUID.randomUUID();
                    workflows.start(slow, "{}");
                    workflows.ended(slow);
                });
        goesOff("workflow-timed-out");
        returns("workflow-failed", "workflow-aborted", "workflow-timed-out");
    }

    /// The alarm on failed executions lasts for a moment; the work item of the order stays open
    /// until an operator resolves it.
    @Test
    void anOpenWorkItemRaisesItsAlarmUntilItIsResolved() {
        var order = shop.order(shop.stocked("20.00", 5), 1, ShopClient.VISA);
        shop.awaitState(order, "SHIPPED");
        queues.send(
                "workflow-failures",
                """
                {"version":"0","id":"%s","detail-type":"Step Functions Execution Status Change",
                 "source":"aws.states","account":"000000000000","time":"2026-11-02T09:15:30Z",
                 "region":"us-east-1","resources":[],"detail":{"stateMachineArn":
                 "arn:aws:states:us-east-1:000000000000:stateMachine:order-workflow",
                 "name":"%s","status":"FAILED","error":"States.TaskFailed"}}"""
                        .formatted(UUID.randomUUID(), order));
        goesOff("work-items-workflow-failed");
        putRight();
        returns("work-items-workflow-failed");
    }

    /// The rule that starts workflows is disabled while the order is placed. Its workflow is
    /// started by an operator, because order-service waits for five minutes before it looks for
    /// one.
    @Test
    void anOrderWhoseEventWasLost() {
        try (var events = system.client(EventBridgeClient.builder())) {
            events.disableRule(it -> it.name("start-fulfilment").eventBusName(BUS));
            String order;
            try {
                order = shop.order(shop.stocked("20.00", 5), 1, ShopClient.VISA);
                await().until(() -> facts(order) > 0);
                shop.internal(
                        "POST",
                        system.ordersInside(),
                        "/internal/orders/" + order + "/workflow/start",
                        JSON.createObjectNode());
            } finally {
                events.enableRule(it -> it.name("start-fulfilment").eventBusName(BUS));
            }
            goesOff("orders-workflows-started-late");
            shop.awaitState(order, "SHIPPED");
        }
        returns("orders-workflows-started-late");
    }

    private static int facts(String order) {
        return shop.internal("GET", system.analytics(), "/internal/facts/" + order, null)
                .path("facts")
                .size();
    }

    @Test
    void rejectedEventsAndAMissingBusRaiseTheirAlarms() {
        var refusal =
                """
                {"FailedEntryCount":1,"Entries":[{"ErrorCode":"AccessDeniedException","ErrorMessage":"no"}]}\
                """;
        String order;
        try (var _ =
                RunningSystem.cloudInterceptor()
                        .refuse(200, refusal, PUT_EVENTS, shop.customer())) {
            order = shop.order(shop.stocked("20.00", 5), 1, ShopClient.VISA);
            goesOff("outbox-blocked");
        }
        shop.awaitState(order, "SHIPPED");
        returns("outbox-blocked");

        var missing = "{\"__type\":\"ResourceNotFoundException\",\"message\":\"no such bus\"}";
        String waiting;
        try (var _ =
                RunningSystem.cloudInterceptor()
                        .refuse(400, missing, "AWSEvents.DescribeEventBus")) {
            goesOff("outbox-target-missing");
            waiting = shop.order(shop.stocked("20.00", 5), 1, ShopClient.VISA);
        }
        shop.awaitState(waiting, "SHIPPED");
        returns("outbox-target-missing");
    }

    private static String waitingFor(int seconds) {
        return """
               {"StartAt":"Wait","TimeoutSeconds":%d,
                "States":{"Wait":{"Type":"Wait","Seconds":172800,"End":true}}}
               """
                .formatted(seconds);
    }

    /// local-cloud does not throttle, and only AWS publishes the metric. Therefore an alarm with
    /// the same definition uses a metric of this test, which gets the datapoints that AWS would
    /// publish. The state of the real alarm is set by hand, and returns to OK by its evaluation.
    @Test
    void throttlingRaisesItsAlarms() {
        var drill = "throttling-drill-" + UUID.randomUUID();
        alarms.copy("workflow-throttled", drill);
        try {
            alarms.awaitOk(drill);
            await().atMost(AlarmSubscriber.TIMEOUT)
                    .until(
                            () -> {
                                alarms.publish(drill, "ExecutionThrottled", Map.of(), 1);
                                return alarms.get(drill).stateValue() == StateValue.ALARM;
                            });
            alarms.awaitOk(drill);
        } finally {
            alarms.client().deleteAlarms(delete -> delete.alarmNames(drill));
        }
        alarms.client()
                .setAlarmState(
                        set ->
                                set.alarmName("workflow-throttled")
                                        .stateValue(StateValue.ALARM)
                                        .stateReason("as a drill"));
        goesOff("workflow-throttled");
        returns("workflow-throttled");
    }

    @Test
    void overdueReservationsAndUndeliveredDecisionsRaiseTheirAlarms() {
        var order = shop.order(shop.stocked("1500.00", 1), 1, ShopClient.VISA);
        var refusal = "{\"__type\":\"AccessDeniedException\",\"message\":\"not allowed\"}";
        try (var _ =
                RunningSystem.cloudInterceptor()
                        .refuse(400, refusal, "AWSStepFunctions.SendTaskSuccess", "APPROVE")) {
            await().until(
                            () ->
                                    shop.internal(
                                                    "GET",
                                                    system.ordersInside(),
                                                    "/internal/approvals",
                                                    null)
                                            .toString()
                                            .contains(order));
            shop.internal(
                    "POST",
                    system.ordersInside(),
                    "/internal/approvals/" + order + "/decision",
                    JSON.createObjectNode().put("decision", "APPROVE"));
            goesOff("approvals-decisions-send-failed", "inventory-reservations-overdue");
        }
        shop.awaitState(order, "SHIPPED");
        returns("approvals-decisions-send-failed", "inventory-reservations-overdue");
    }

    @Test
    void aReusedPaymentKeyRaisesItsAlarm() {
        var order = UUID.randomUUID().toString();
        assertThat(authorize(order, "20.00")).isEqualTo(201);
        assertThat(authorize(order, "99.00")).isEqualTo(422);
        goesOff("payments-key-reused");
        returns("payments-key-reused");
    }

    @Test
    void anUnknownPaymentOutcomeRaisesItsAlarm() {
        gateway("{\"mode\":\"answerLost\",\"on\":\"confirm\"}");
        try (var _ =
                RunningSystem.gatewayInterceptor().refuse(503, "{}", "GET /v1/payment_intents/")) {
            assertThat(authorize(UUID.randomUUID().toString(), "20.00"))
                    .isGreaterThanOrEqualTo(500);
            goesOff("payments-unknown");
        } finally {
            gateway("{\"mode\":\"none\"}");
        }
        returns("payments-unknown");
    }

    /// The payment is refunded and cancelled at the gateway.
    @Test
    void aContradictingGatewayRaisesItsAlarm() {
        var order = shop.order(shop.stocked("20.00", 5), 1, ShopClient.VISA);
        shop.awaitState(order, "SHIPPED");
        try (var _ =
                RunningSystem.gatewayInterceptor()
                        .rewriteResponses(
                                answer ->
                                        answer.replace(
                                                "\"status\":\"succeeded\"",
                                                "\"status\":\"canceled\""),
                                "/v1/payment_intents/" + shop.intent(order))) {
            refund(order);
            goesOff("payments-contradictions");
        }
        returns("payments-contradictions");
        await().until(() -> shop.payment(order).path("state").asString().equals("REFUNDED"));
    }

    @Test
    void outOfOrderReportsRaiseTheirAlarms() {
        var sku = shop.stocked("20.00", 1);
        var rejected = shop.order(sku, 2, ShopClient.VISA);
        shop.awaitState(rejected, "REJECTED");
        queues.send(
                "order-progress",
                MessageEnvelopes.of(
                        new OrderShipped(
                                rejected + "/OrderShipped",
                                1,
                                Instant.now(),
                                UUID.fromString(rejected),
                                3,
                                shop.customer(),
                                List.of(new EventLine(sku, 2)),
                                new Total(new BigDecimal("40.00"), "EUR"),
                                null)));
        goesOff("orders-reports-out-of-order");

        var shipped = shop.order(sku, 1, ShopClient.VISA);
        shop.awaitState(shipped, "SHIPPED");
        queues.send(
                "shipping-cancellations",
                MessageEnvelopes.of(
                        new OrderCancellationRequested(
                                shipped + "/OrderCancellationRequested",
                                1,
                                Instant.now(),
                                UUID.fromString(shipped),
                                3,
                                shop.customer(),
                                null)));
        goesOff("shipments-out-of-order");
        returns("orders-reports-out-of-order", "shipments-out-of-order");
    }

    @Test
    void anOutageOfTheCarrierRaisesItsAlarm() {
        var sku = shop.stocked("20.00", 5);
        List<String> orders;
        shop.setCarrierAvailable(false);
        try {
            orders = Stream.generate(() -> shop.order(sku, 1, ShopClient.VISA)).limit(3).toList();
            goesOff("shipments-circuit-open", "shipments-waiting");
        } finally {
            shop.setCarrierAvailable(true);
        }
        orders.forEach(order -> shop.awaitState(order, "SHIPPED"));
        returns("shipments-circuit-open", "shipments-waiting");
    }

    @Test
    void anEmailWithUnknownStatusRaisesItsAlarm() {
        var recipient = new ShopClient(system);
        String order;
        try (var _ =
                RunningSystem.cloudInterceptor()
                        .loseResponses("Action=SendEmail", recipient.customer())) {
            order = recipient.order(recipient.stocked("20.00", 5), 1, ShopClient.VISA);
            recipient.awaitState(order, "SHIPPED");
            goesOff("notifications-unknown");
            await().until(() -> unknownMails(order).size() == 2);
        }
        assertThat(recipient.mails()).as("they left").hasSize(2);
        for (var mail : unknownMails(order)) {
            shop.internal(
                    "POST",
                    system.notifications(),
                    "/internal/notifications/" + order + "/resolution",
                    JSON.createObjectNode()
                            .put("eventType", mail.path("eventType").asString())
                            .put("note", "SES delivered it"));
        }
        returns("notifications-unknown");
    }

    private static List<JsonNode> unknownMails(String order) {
        return shop.internal("GET", system.notifications(), "/internal/notifications", null)
                .path("notifications")
                .valueStream()
                .filter(mail -> mail.path("orderId").asString().equals(order))
                .toList();
    }

    @Test
    void aRefundInTheDashboardOfTheGatewayRaisesItsAlarm() {
        var order = shop.order(shop.stocked("20.00", 5), 1, ShopClient.VISA);
        shop.awaitState(order, "SHIPPED");
        shop.refundInTheDashboard(order, 2000);
        shop.internal(
                "POST",
                system.operations(),
                "/internal/operations/audit",
                JSON.createObjectNode().put("orderId", order));
        goesOff("audit-violations");
        shop.internal(
                "POST",
                system.payments(),
                "/internal/payments/" + order + "/gateway-state-adoption",
                JSON.createObjectNode());
        returns("audit-violations");
    }

    /// The half hour is measured by the clock of the database, which cannot be accelerated.
    /// Therefore the test publishes the datapoints that operations-console would publish after half
    /// an hour without a response of a service.
    @Test
    void aLateAuditRaisesItsAlarm() {
        var metric = alarms.get("audit-lag");
        await().atMost(AlarmSubscriber.TIMEOUT)
                .until(
                        () -> {
                            alarms.publish(
                                    metric.namespace(),
                                    metric.metricName(),
                                    metric.dimensions().stream()
                                            .collect(
                                                    Collectors.toMap(
                                                            Dimension::name, Dimension::value)),
                                    1_860);
                            return alarms.get("audit-lag").stateValue() == StateValue.ALARM;
                        });
        goesOff("audit-lag");
        returns("audit-lag");
    }

    /// A new data key can be generated but not stored, so it is not used.
    @Test
    void aDataKeyThatCannotBeRenewedRaisesItsAlarm() {
        var sku = shop.stocked("20.00", RunningSystem.SEALED_BY_A_KEY);
        system.inOrdersDatabase("REVOKE INSERT ON data_key FROM CURRENT_USER");
        try {
            for (int sealed = 0; sealed <= RunningSystem.SEALED_BY_A_KEY / 2; sealed++) {
                shop.order(sku, 1, ShopClient.VISA);
            }
            goesOff("personal-data-key-renewal-overdue");
        } finally {
            system.inOrdersDatabase("GRANT INSERT ON data_key TO CURRENT_USER");
        }
        returns("personal-data-key-renewal-overdue");
    }

    /// Every database rejects writes. Messages wait in the queues meanwhile, but their page is
    /// suppressed: it only follows from the outage. It ends all sessions, also the long
    /// transaction of another test.
    @Test
    @Order(OUTAGE)
    void anOutageOfTheDatabaseIsOnePage() {
        var unavailable =
                alarms.all().stream()
                        .map(MetricAlarm::alarmName)
                        .filter(name -> name.endsWith("-database-unavailable"))
                        .toList();
        assertThat(unavailable).hasSizeGreaterThan(5);
        int backlogPages = onCall.pages("page-queue-backlog");
        system.rejectWrites(true);
        try {
            goesOff(unavailable.stream());
            alarms.awaitComposite("database-outage", StateValue.ALARM);
            try (var _ =
                    RunningSystem.cloudInterceptor()
                            .closeConnectionsOf("AmazonSQS.ReceiveMessage")) {
                queues.send("analytics", "nonsense");
                onCall.awaitRaised("analytics-backlog");
                await().untilAsserted(
                                () ->
                                        assertThat(
                                                        alarms.composite("page-queue-backlog")
                                                                .actionsSuppressedByAsString())
                                                .isEqualTo("Alarm"));
                assertThat(onCall.pages("page-queue-backlog")).isEqualTo(backlogPages);
            }
        } finally {
            system.rejectWrites(false);
        }
        returns(unavailable.stream());
        alarms.awaitComposite("database-outage", StateValue.OK);
        shop.awaitState(shop.order(shop.stocked("20.00", 5), 1, ShopClient.VISA), "SHIPPED");
    }

    @Test
    @Order(BEFORE_THE_OUTAGE)
    void aParkedEventAndALateEventRaiseTheirAlarms() {
        goesOff("outbox-parked", "work-items-open");
        try (var _ =
                RunningSystem.cloudInterceptor().refuse(503, "{}", PUT_EVENTS, shop.customer())) {
            shop.internal(
                    "POST",
                    system.ordersInside(),
                    "/internal/outbox/parked/" + parked + "/release",
                    JSON.createObjectNode());
            goesOff("outbox-oldest-age");
        }
        shop.awaitState(parked, "SHIPPED");
        putRight();
        returns("outbox-parked", "work-items-open", "outbox-oldest-age");
    }

    @Test
    @Order(BEFORE_THE_OUTAGE)
    void aLongTransactionRaisesItsAlarm() throws SQLException {
        goesOff("outbox-oldest-transaction-age");
        longTransaction.rollback();
        returns("outbox-oldest-transaction-age");
    }

    private static void goesOff(String... names) {
        goesOff(Stream.of(names));
    }

    private static void goesOff(Stream<String> names) {
        names.forEach(onCall::awaitNotification);
    }

    private static void returns(String... names) {
        returns(Stream.of(names));
    }

    private static void returns(Stream<String> names) {
        names.forEach(
                name -> {
                    alarms.awaitOk(name);
                    proven.add(name);
                });
    }

    private static void putRight() {
        queues.names().stream().filter(name -> name.endsWith("-dlq")).forEach(queues::purge);
        var open =
                shop.internal("GET", system.ordersInside(), "/internal/work-items?limit=200", null);
        for (var item : open.path("items")) {
            shop.internal(
                    "POST",
                    system.ordersInside(),
                    "/internal/work-items/" + item.path("id").asString() + "/resolution",
                    JSON.createObjectNode().put("note", "made by a test"));
        }
    }

    private static int authorize(String order, String amount) {
        return shop.send(
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
                                        "{\"amount\":\"" + amount + "\",\"currency\":\"EUR\"}"))
                .statusCode();
    }

    private static void refund(String order) {
        var request = JSON.createObjectNode().put("reason", "CUSTOMER_REQUEST");
        request.putObject("amount").put("amount", "20.00").put("currency", "EUR");
        shop.send(
                "POST",
                system.payments(),
                "/internal/payments/" + order + "/refund",
                shop.internalHeaders(
                        "POST", "/internal/payments/" + order + "/refund", "refund-" + order),
                request.toString());
    }

    private static void gateway(String fault) {
        var answer = shop.send("PUT", system.gateway(), "/sandbox/faults", Map.of(), fault);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
}
