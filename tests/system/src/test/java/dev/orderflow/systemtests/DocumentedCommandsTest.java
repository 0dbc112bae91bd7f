package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Runs every command of a runbook, the tour or a guide as it is printed, against a system with the
/// fault of the runbook.
@ResourceLock(RunningSystem.SHARED)
class DocumentedCommandsTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern PLACEHOLDER = Pattern.compile("<[a-z][a-z -]*>");
    private static final Pattern ORDER_ID = Pattern.compile("\"orderId\":\"([0-9a-f-]{36})\"");

    private static final RunningSystem SYSTEM = RunningSystem.shared();
    private static final ShopClient SHOP = new ShopClient();
    private static final SqsClient SQS = SYSTEM.client(SqsClient.builder());
    private static Shell shell;
    private static String shipped;

    /// Injects the fault of a document and returns the values for its placeholders `<…>`.
    private static final Map<String, Supplier<Map<String, String>>> FAULTS = new LinkedHashMap<>();

    static {
        fault("approvals", () -> Map.of("order", waiting(), "other-order", waiting()));
        fault(
                "audit-violation",
                () ->
                        Map.of(
                                "order", shipped,
                                "authorised-order", authorised(),
                                "unwanted-order", authorised(),
                                "captured-order", captured(),
                                "order-without-parcel", reserved()));
        fault(
                "dead-letters",
                () -> {
                    send(
                            "notifications-dlq",
                            event("OrderShipped", 3),
                            Map.of("reason", "SES is away", "fingerprint", "4f1d0c00"));
                    return Map.of(
                            "order",
                            shipped,
                            "fingerprint",
                            "4f1d0c00",
                            "message",
                            send("analytics-dlq", "nonsense", Map.of()));
                });
        fault("internal-api", () -> Map.of("stage", "live"));
        fault(
                "notifications",
                () -> {
                    SYSTEM.inNotificationsDatabase(
                            "UPDATE notification SET state = 'UNKNOWN' WHERE order_id = '%s' AND event_type = 'OrderShipped' AND channel = 'EMAIL'"
                                    .formatted(shipped));
                    return Map.of(
                            "order", shipped,
                            "day", "2026-11-28",
                            "address", "ada@example.org",
                            "domain", "example.org");
                });
        fault(
                "out-of-order-reports",
                () ->
                        Map.of(
                                "order", shipped,
                                "arn", execution(shipped),
                                "captured-order", captured(),
                                "order-without-parcel", reserved()));
        fault(
                "outbox",
                () -> {
                    park(shipped, "too large");
                    park(UUID.randomUUID().toString(), "AccessDeniedException");
                    return Map.of("order", shipped);
                });
        fault("payments", () -> Map.of("order", shipped, "captured-order", captured()));
        fault("service-down", () -> Map.of("service", "order-service"));
        fault(
                "service-errors",
                () ->
                        Map.of(
                                "service", "order-service",
                                "stage", "live",
                                "the tag before", "1.0.0"));
        fault("service-load", () -> Map.of("service", "order-service"));
        fault(
                "stuck-orders",
                () -> {
                    SYSTEM.inOrdersDatabase(
                            "INSERT INTO work_item (id, order_id, kind, reason) VALUES (gen_random_uuid(), '%s', 'OUT_OF_ORDER', 'a try of the runbook')"
                                    .formatted(shipped));
                    return Map.of(
                            "item", workItem(shipped),
                            "order", shipped,
                            "order-without-workflow", waiting());
                });
        fault(
                "undelivered-events",
                () -> {
                    send(
                            "undelivered-events",
                            event("OrderConfirmed", 2),
                            Map.of(
                                    "RULE_ARN",
                                    "arn:aws:events:us-east-1:000000000000:rule/orderflow/notify",
                                    "TARGET_ARN",
                                    "arn:aws:sqs:us-east-1:000000000000:notifications",
                                    "ERROR_CODE",
                                    "NO_PERMISSIONS"));
                    return Map.of();
                });
        fault(
                "workflow-failed",
                () -> {
                    var order = waiting();
                    var workflows = new Workflows(SYSTEM);
                    workflows.stop(order);
                    var byHand = "by-hand-" + UUID.randomUUID();
                    workflows.start(byHand, "{}");
                    workflows.ended(byHand);
                    return Map.of(
                            "arn",
                            execution(order),
                            "group",
                            "'" + failed(order).path("group").stringValue() + "'",
                            "order",
                            order,
                            "execution-of-no-order",
                            byHand);
                });
        fault(
                "README",
                () ->
                        Map.of(
                                "domain", "example.org",
                                "region", "us-east-1",
                                "operator-pool", "us-east-1_EXAMPLE",
                                "command-line-client", "4f1c"));
    }

    private static void fault(String runbook, Supplier<Map<String, String>> placeholders) {
        FAULTS.put("docs/runbooks/" + runbook + ".md", placeholders);
    }

    @BeforeAll
    static void anOrderHasShipped() {
        var sku = SHOP.stocked("49.90", 5);
        shipped = SHOP.order(sku, 1, ShopClient.VISA);
        SHOP.awaitState(shipped, "SHIPPED");
        await().until(() -> SHOP.mails().size() == 2);
        shell = new Shell(SYSTEM);
    }

    @AfterAll
    static void sayWhatWasNotRun() {
        shell.notRun()
                .forEach(
                        command ->
                                System.out.println("NOT RUN, for want of AWS CLI 2: " + command));
        shell.close();
    }

    static Stream<String> runbooks() {
        return MarkdownDocument.in("docs/runbooks").stream();
    }

    @ParameterizedTest
    @MethodSource("runbooks")
    void everyCommandOfARunbookWorks(String path) {
        var placeholders = FAULTS.getOrDefault(path, Map::of).get();
        var settings =
                path.endsWith("README.md")
                        ? ""
                        : MarkdownDocument.read("docs/runbooks/README.md").blocks().get(1).text();
        run(MarkdownDocument.read(path), settings, placeholders);
    }

    @Test
    void everyRunbookOfAnInjectedFaultExists() {
        assertThat(runbooks()).containsAll(FAULTS.keySet());
    }

    @Test
    void aRunbookThatNeedsTheAwsCliStatesIt() {
        runbooks()
                .map(MarkdownDocument::read)
                .filter(runbook -> !runbook.path().endsWith("README.md"))
                .filter(
                        runbook ->
                                runbook.blocks().stream()
                                        .anyMatch(
                                                block ->
                                                        Pattern.compile("\\baws [a-z]")
                                                                .matcher(block.text())
                                                                .find()))
                .forEach(
                        runbook ->
                                assertThat(runbook.text())
                                        .as(runbook.path())
                                        .contains("README.md#aws-"));
    }

    static Stream<String> guides() {
        return Stream.of(
                "docs/containers.md",
                "docs/observability.md",
                "docs/personal-data.md",
                "docs/security.md",
                "docs/analytics-lambda.md");
    }

    @ParameterizedTest
    @MethodSource("guides")
    void everyCommandOfAGuideWorks(String path) {
        run(
                MarkdownDocument.read(path),
                "",
                Map.of("order", ofAda(), "log", RunningSystem.logFile().toString()));
    }

    /// Places an order of the customer that the documents use.
    private static String ofAda() {
        var tour = MarkdownDocument.read("README.md").section("## A tour of the failure paths");
        var placed = shell.run(tour.blocks().getFirst().text() + "\norder MUG-BLUE 1 pm_card_visa");
        var order = ORDER_ID.matcher(placed.output());
        assertThat(order.find()).as(placed.output()).isTrue();
        return order.group(1);
    }

    /// Rows depend on each other: an id is that of the order of the same row, or else of the first
    /// row.
    @Test
    void everyRowOfTheTourWorks() {
        var tour = MarkdownDocument.read("README.md").section("## A tour of the failure paths");
        var preamble = tour.blocks().getFirst().text();
        var rows = tour.rows();
        assertThat(rows).hasSizeGreaterThan(15);
        String first = null;
        for (var row : rows) {
            assertThat(row.commands()).as(row.what()).isNotEmpty();
            // A row that shows a refusal contains its status.
            boolean refused = row.what().matches("(?s).*\\| (404|422): .*");
            var id = first;
            var before = new StringBuilder(preamble);
            for (var command : row.commands()) {
                var script = command.replace("<id>", String.valueOf(id));
                var result =
                        command.equals(row.commands().getFirst()) && !refused
                                ? shell.run(before + "\n" + script)
                                : awaitResult(before + "\n" + script, refused);
                assertThat(result.isFine())
                        .as("%s\n%s", script, result.output())
                        .isEqualTo(!refused || script.startsWith("ada="));
                var order = ORDER_ID.matcher(result.output());
                while (order.find()) {
                    id = order.group(1);
                }
                first = first == null ? id : first;
                if (command.matches("[A-Za-z]+=[^ ].*") && !command.contains(" order ")) {
                    before.append('\n').append(script);
                }
            }
        }
    }

    /// The result of an order takes a moment, so the row is repeated.
    private static Shell.Result awaitResult(String script, boolean refused) {
        return await().until(() -> shell.run(script), result -> refused || result.isFine());
    }

    private static void run(
            MarkdownDocument document, String settings, Map<String, String> placeholders) {
        for (var block : document.blocks()) {
            switch (block.language()) {
                case "bash" -> runScript(document, settings, fill(block.text(), placeholders));
                case "sql" -> runSql(block.text());
                default ->
                        assertThat(block.text())
                                .as("a block of %s that is not marked as bash", document.path())
                                .doesNotContain("./orderflow ", "curl ", "aws ");
            }
        }
    }

    private static void runScript(MarkdownDocument document, String settings, String script) {
        var unfilled = PLACEHOLDER.matcher(script);
        assertThat(unfilled.find())
                .as("%s: nothing stands for a placeholder in\n%s", document.path(), script)
                .isFalse();
        var result = shell.run(settings + "\n" + script);
        assertThat(result.isFine())
                .as(
                        "%s\n%s\nexit code %d, failed: %s\n%s",
                        document.path(),
                        script,
                        result.exitCode(),
                        result.failed(),
                        result.output())
                .isTrue();
    }

    private static void runSql(String statements) {
        Stream.of(statements.split(";"))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .map(statement -> statement.replace("'…'", "now()"))
                .filter(statement -> !statement.contains("audit_trail"))
                .forEach(SYSTEM::inOrdersDatabase);
    }

    private static String fill(String script, Map<String, String> placeholders) {
        var filled = script;
        for (var placeholder : placeholders.entrySet()) {
            filled = filled.replace("<" + placeholder.getKey() + ">", placeholder.getValue());
        }
        return filled;
    }

    /// Places an order above the approval limit.
    private static String waiting() {
        var order = SHOP.order(SHOP.stocked("1500.00", 1), 1, ShopClient.VISA);
        await().until(
                        () ->
                                SHOP.internal(
                                                "GET",
                                                SYSTEM.ordersInside(),
                                                "/internal/approvals",
                                                null)
                                        .toString()
                                        .contains(order));
        return order;
    }

    /// Creates a payment whose order only payment-service has.
    private static String authorised() {
        var order = UUID.randomUUID().toString();
        var body =
                JSON.createObjectNode()
                        .put("customerRef", "cust-1")
                        .put("paymentMethodId", ShopClient.VISA);
        body.putObject("amount").put("amount", "49.90").put("currency", "EUR");
        SHOP.internal(
                "POST", SYSTEM.payments(), "/internal/payments/" + order + "/authorization", body);
        return order;
    }

    private static String captured() {
        var order = authorised();
        var body = JSON.createObjectNode();
        body.putObject("amount").put("amount", "49.90").put("currency", "EUR");
        SHOP.internal("POST", SYSTEM.payments(), "/internal/payments/" + order + "/capture", body);
        return order;
    }

    /// Creates a reservation whose order only inventory-service has.
    private static String reserved() {
        var order = UUID.randomUUID().toString();
        var body = JSON.createObjectNode().put("orderId", order);
        body.putArray("lines").addObject().put("sku", SHOP.stocked("10.00", 1)).put("quantity", 1);
        SHOP.internal("POST", SYSTEM.inventory(), "/internal/reservations", body);
        return order;
    }

    /// Parks an event that no rule matches.
    private static void park(String order, String reason) {
        SYSTEM.inOrdersDatabase(
                """
                INSERT INTO outbox_parked (id, target, shard, event_key, event_id, event_type, payload,
                                           content_type, occurred_at, stored_at, attempts, reason)
                SELECT coalesce(max(id), 0) + 1000000, 'events', 0, '%s', '%s/OrderTried', 'OrderTried',
                       '{"orderId":"%s"}', 'application/json', now(), now(), 12, '%s'
                FROM outbox_parked
                """
                        .formatted(order, order, order, reason));
    }

    private static String execution(String order) {
        return "arn:aws:states:us-east-1:000000000000:execution:order-workflow:" + order;
    }

    private static String workItem(String order) {
        for (var item :
                SHOP.internal("GET", SYSTEM.ordersInside(), "/internal/work-items", null)
                        .path("items")) {
            if (item.path("orderId").stringValue().equals(order)) {
                return item.path("id").stringValue();
            }
        }
        throw new IllegalStateException("no work item of " + order);
    }

    private static JsonNode failed(String order) {
        return await().until(
                        () -> {
                            var cursor = "";
                            do {
                                var page =
                                        SHOP.internal(
                                                "GET",
                                                SYSTEM.operations(),
                                                "/internal/operations/workflows/failed?limit=100"
                                                        + (cursor.isEmpty()
                                                                ? ""
                                                                : "&cursor=" + cursor),
                                                null);
                                for (var execution : page.path("executions")) {
                                    if (execution
                                            .path("executionName")
                                            .stringValue()
                                            .equals(order)) {
                                        return execution;
                                    }
                                }
                                cursor = page.path("next").asString("");
                            } while (!cursor.isEmpty());
                            return JSON.createObjectNode();
                        },
                        execution -> execution.has("group"));
    }

    private static String event(String type, int version) {
        var detail =
                JSON.createObjectNode()
                        .put("eventId", shipped + "/" + type)
                        .put("schemaVersion", 1)
                        .put("occurredAt", "2026-11-02T09:15:31Z")
                        .put("orderId", shipped)
                        .put("orderVersion", version)
                        .put("customerRef", SHOP.customer());
        detail.putArray("lines").addObject().put("sku", "MUG-BLUE").put("quantity", 1);
        detail.putObject("total").put("amount", "49.90").put("currency", "EUR");
        return MessageEnvelopes.of(type, detail.toString());
    }

    /// @return the id of the message
    private static String send(String queue, String body, Map<String, String> attributes) {
        var all = new HashMap<String, MessageAttributeValue>();
        attributes.forEach(
                (name, value) ->
                        all.put(
                                name,
                                MessageAttributeValue.builder()
                                        .dataType("String")
                                        .stringValue(value)
                                        .build()));
        var url = SQS.getQueueUrl(get -> get.queueName(queue)).queueUrl();
        return SQS.sendMessage(send -> send.queueUrl(url).messageBody(body).messageAttributes(all))
                .messageId();
    }
}
