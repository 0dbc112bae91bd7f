package dev.orderflow.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dashjoin.jsonata.Jsonata;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.OrderRejected;
import dev.orderflow.topology.Topology.RuleKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.event.ruler.Ruler;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class TopologyTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern CONSOLE_LINK =
            Pattern.compile("\\[`(/[^`]*)`]\\(\\.\\./operations-console\\.md\\)");

    private static final Topology TOPOLOGY = Topology.load();

    private static final Map<String, Set<String>> QUEUES_OF =
            Map.of(
                    "OrderCreated", Set.of("fulfilment-requests", "analytics"),
                    "OrderCancellationRequested", Set.of("shipping-cancellations"),
                    "OrderConfirmed", Set.of("order-progress", "notifications", "analytics"),
                    "OrderRejected", Set.of("order-progress", "notifications", "analytics"),
                    "OrderCancelled", Set.of("order-progress", "notifications", "analytics"),
                    "OrderShipped",
                            Set.of(
                                    "order-progress",
                                    "notifications",
                                    "analytics",
                                    "stock-deductions"));

    static Stream<String> eventTypes() {
        return Arrays.stream(OrderEvent.class.getPermittedSubclasses()).map(Class::getSimpleName);
    }

    /// The metric's last word is the statistic of a counter or gauge.
    @Test
    void anAlarmOnAMeterHasTheNameOfTheMeter() {
        assertThat(TOPOLOGY.alarms())
                .filteredOn(alarm -> alarm.namespace().equals("Orderflow"))
                .isNotEmpty()
                .allSatisfy(
                        alarm ->
                                assertThat(alarm.metric())
                                        .startsWith(alarm.name().replace('-', '.') + "."));
    }

    @ParameterizedTest
    @MethodSource("eventTypes")
    void everyGoldenEventReachesExactlyItsQueues(String type) throws Exception {
        assertThat(queuesReachedBy(event(type))).isEqualTo(QUEUES_OF.get(type));
    }

    @ParameterizedTest
    @MethodSource("eventTypes")
    void aReplayReachesProjectionsOnly(String type) throws Exception {
        var replayed = event(type).put("replay-name", "rebuild");
        var expected = new HashSet<>(Objects.requireNonNull(QUEUES_OF.get(type)));
        expected.retainAll(Set.of("analytics"));
        assertThat(queuesReachedBy(replayed)).isEqualTo(expected);
    }

    @Test
    void anEventOfAnUnknownSourceReachesNoQueue() throws Exception {
        for (var type : eventTypes().toList()) {
            assertThat(queuesReachedBy(event(type).put("source", "somebody.else"))).isEmpty();
        }
    }

    @Test
    void everyQueueExceptThoseOfTheWorkflowIsTheTargetOfARule() {
        var fed = TOPOLOGY.rules().stream().map(Topology.RuleSpec::target).toList();
        var byWorkflow = List.of("shipping-requests", "approval-requests");
        assertThat(TOPOLOGY.queues())
                .isNotEmpty()
                .allSatisfy(
                        queue ->
                                assertThat(
                                                fed.contains(queue.name())
                                                        || byWorkflow.contains(queue.name()))
                                        .as(queue.name())
                                        .isTrue());
    }

    @Test
    void everyQueueHasAnAlarmOnItsBacklogAndOnItsDeadLetters() {
        var watched =
                TOPOLOGY.allAlarms().stream()
                        .map(alarm -> alarm.dimensions().getOrDefault("QueueName", ""))
                        .toList();
        assertThat(watched).containsAll(TOPOLOGY.allQueueNames());
    }

    /// A dead letter that is inspected or redriven is in flight. An alarm on visible messages only
    /// would return to OK while an operator inspects the queue.
    @Test
    void alarmsOnDeadLettersCountMessagesInFlight() {
        var deadLetterQueues =
                Stream.concat(
                                TOPOLOGY.queues().stream().map(queue -> queue.deadLetter().queue()),
                                Stream.of(TOPOLOGY.undelivered().queue()))
                        .toList();
        for (var queue : deadLetterQueues) {
            assertThat(TOPOLOGY.allAlarms())
                    .filteredOn(alarm -> queue.equals(alarm.dimensions().get("QueueName")))
                    .isNotEmpty()
                    .allSatisfy(
                            alarm ->
                                    assertThat(alarm.metrics())
                                            .containsExactly(
                                                    "ApproximateNumberOfMessagesVisible",
                                                    "ApproximateNumberOfMessagesNotVisible"));
        }
    }

    @Test
    void theRunbookOfEveryAlarmExists() {
        var runbooks = Path.of("..", "docs", "runbooks");
        assertThat(TOPOLOGY.allAlarms()).isNotEmpty();
        for (var alarm : TOPOLOGY.allAlarms()) {
            assertThat(runbooks.resolve(alarm.runbook())).exists();
            assertThat(TOPOLOGY.description(alarm)).endsWith("docs/runbooks/" + alarm.runbook());
        }
    }

    @Test
    void everyRunbookNamesItsAlarmsAndContainsItsParagraphs() throws Exception {
        for (var alarm : TOPOLOGY.allAlarms()) {
            var runbook =
                    Files.readString(Path.of("..", "docs", "runbooks").resolve(alarm.runbook()));
            assertThat(runbook)
                    .as(alarm.name())
                    .contains(
                            "`" + nameInRunbooks(alarm) + "`",
                            "**What the customer sees.**",
                            "**How to look.**",
                            "**How to fix.**")
                    .containsPattern("(\\./orderflow|aws|curl) [a-z-]");
        }
    }

    /// A runbook names alarms that every queue, rule or service has by their pattern.
    private static String nameInRunbooks(Topology.AlarmSpec alarm) {
        var ofQueues =
                TOPOLOGY.queueAlarms().stream()
                        .filter(each -> alarm.name().endsWith("-" + each.suffix()))
                        .map(each -> "<queue>-" + each.suffix());
        var ofRules =
                TOPOLOGY.ruleAlarms().stream()
                        .filter(each -> alarm.name().endsWith("-" + each.suffix()))
                        .map(each -> "<rule>-" + each.suffix());
        var ofServices =
                TOPOLOGY.serviceAlarms().stream()
                        .filter(each -> alarm.name().endsWith("-" + each.suffix()))
                        .map(each -> "<service>-" + each.suffix());
        return Stream.of(ofQueues, ofRules, ofServices)
                .flatMap(names -> names)
                .findFirst()
                .orElse(alarm.name());
    }

    @Test
    void aQueueWithoutADeadLetterQueueIsRefused() {
        refused(
                "\"deadLetter\":{\"queue\":\"analytics-dlq\",\"maxReceiveCount\":5}",
                "\"deadLetter\":null",
                "queue analytics has no dead-letter queue");
    }

    @Test
    void aBucketWithoutAnExpiryOrAPurposeIsRefused() {
        refused(
                "\"expiryDays\":400",
                "\"expiryDays\":0",
                "must expire objects after at least 1 day");
        refused("\"expiryDays\":400", "\"expiryDays\":null", "expiryDays");
        refused(
                "\"purpose\":\"Details of events",
                "\"purpose\":null,\"was\":\"Details of events",
                "purpose");
    }

    @Test
    void aBucketThatExpiresBeforeTheArchiveIsRejected() {
        refused(
                "\"expiryDays\":400",
                "\"expiryDays\":365",
                "bucket orderflow-claim-checks must keep objects longer than the archive keeps events");
    }

    @Test
    void aRuleWithoutARetryPolicyIsRefused() {
        refused(
                "\"targetQueue\":\"analytics\",\"retry\":{\"maximumEventAgeSeconds\":86400,\"maximumRetryAttempts\":185}",
                "\"targetQueue\":\"analytics\",\"retry\":null",
                "rule project-analytics has no retry policy");
    }

    @Test
    void aRuleWithTwoTargetsOrAnUnknownOneIsRefused() {
        refused(
                "\"targetTopic\":\"orderflow-pages\"",
                "\"targetTopic\":\"orderflow-pages\",\"targetQueue\":\"analytics\"",
                "rule watch-connection must have one target");
        refused(
                "\"targetTopic\":\"orderflow-pages\"",
                "\"targetTopic\":\"unknown\"",
                "rule watch-connection has an unknown target: unknown");
    }

    /// EventBridge sends these events for every connection of the account.
    @Test
    void operatorsAreNotifiedOfTheConnectionOfTheWorkflowAndOfNoOther() throws Exception {
        var pattern =
                TOPOLOGY.rules().stream()
                        .filter(rule -> rule.name().equals("watch-connection"))
                        .findFirst()
                        .orElseThrow()
                        .pattern()
                        .toString();
        var name = TOPOLOGY.connection().name();
        for (var type : List.of("Connection Deauthorized", "Connection Failed Connectivity")) {
            assertThat(Ruler.matchesRule(connectionEvent(type, name), pattern)).isTrue();
            assertThat(Ruler.matchesRule(connectionEvent(type, name + "-2"), pattern)).isFalse();
        }
        assertThat(Ruler.matchesRule(connectionEvent("Connection Activated", name), pattern))
                .isFalse();
    }

    private static String connectionEvent(String type, String connection) {
        return """
               {"version":"0","id":"1d7a4ac6-a50a-745f-a331-a0d802f7badb","detail-type":"%1$s",
                "source":"aws.events","account":"000000000000","time":"2026-11-02T09:15:30Z",
                "region":"us-east-1",
                "resources":["arn:aws:events:us-east-1:000000000000:connection/%2$s/1"],
                "detail":{"ConnectionName":"%2$s","StateReason":"because",
                 "Timestamp":"2026-11-02 09:15:30 +0000 UTC"}}"""
                .formatted(type, connection);
    }

    /// The age of a message counts from its first enqueue, also in a dead-letter queue.
    @Test
    void aDeadLetterIsRetainedForAtLeastAWeekWhateverItsAge() {
        assertThat(Topology.DEAD_LETTER_RETENTION.minus(Topology.QUEUE_RETENTION))
                .isGreaterThanOrEqualTo(Duration.ofDays(7));
    }

    @Test
    void everyAlarmReachesOneTopic() {
        var composites = TOPOLOGY.paging().compositeAlarms(TOPOLOGY.allAlarms());
        for (var alarm : TOPOLOGY.allAlarms()) {
            var groups =
                    composites.stream()
                            .filter(composite -> composite.topic() != null)
                            .filter(
                                    composite ->
                                            composite
                                                    .rule()
                                                    .contains("ALARM(\"" + alarm.name() + "\")"))
                            .toList();
            assertThat(groups)
                    .as(alarm.name())
                    .hasSize(TOPOLOGY.paging().topicOf(alarm) == null ? 1 : 0);
        }
    }

    /// The text of a page names its group, and links the page of the console and the runbook.
    @Test
    void aPageNamesItsGroupAndLinksConsoleAndRunbook() {
        assertThat(TOPOLOGY.paging().compositeAlarms(TOPOLOGY.allAlarms()))
                .filteredOn(composite -> composite.name().equals("page-outbox"))
                .singleElement()
                .satisfies(
                        composite ->
                                assertThat(composite.description())
                                        .contains("group outbox")
                                        .contains("${OperationsConsoleUrl}/outbox ")
                                        .endsWith("docs/runbooks/outbox.md"));
    }

    /// The first link to the console in a runbook.
    @Test
    void anAlarmLeadsToTheSamePageOfTheConsoleAsItsRunbook() throws Exception {
        try (var runbooks = Files.list(Path.of("..", "docs", "runbooks"))) {
            for (var runbook :
                    runbooks.filter(file -> !file.endsWith("README.md")).sorted().toList()) {
                var link = CONSOLE_LINK.matcher(Files.readString(runbook));
                assertThat(link.find()).as(runbook.toString()).isTrue();
                assertThat(TOPOLOGY.paging().consolePage(runbook.getFileName().toString()))
                        .as(runbook.toString())
                        .isEqualTo(link.group(1));
            }
        }
    }

    /// Its page would wait for the outage of the database until the alarm is over.
    @Test
    void anAlarmThatEndsBeforeItsPageIsRejected() {
        var brief =
                TOPOLOGY.allAlarms().stream()
                        .filter(alarm -> alarm.name().equals("workflow-failed"))
                        .map(
                                alarm ->
                                        new Topology.AlarmSpec(
                                                alarm.name(),
                                                alarm.namespace(),
                                                alarm.metric(),
                                                alarm.dimensions(),
                                                alarm.statistic(),
                                                alarm.periodSeconds(),
                                                alarm.threshold(),
                                                alarm.comparison(),
                                                1,
                                                1,
                                                alarm.treatMissingData(),
                                                AlarmSeverity.PAGE,
                                                alarm.meaning(),
                                                alarm.runbook()))
                        .toList();
        assertThatThrownBy(() -> TOPOLOGY.paging().compositeAlarms(brief))
                .hasMessageContaining("workflow-failed of severity PAGE must evaluate more than");
    }

    @Test
    void aPagingTopicThatDoesNotExistIsRejected() {
        refused(
                "\"ticketsTopic\":\"orderflow-tickets\"",
                "\"ticketsTopic\":\"missing\"",
                "paging names an unknown topic: missing");
    }

    @Test
    void anAlarmWithoutARunbookIsRejected() {
        refused(
                "\"runbook\":\"workflow-throttled.md\"",
                "\"runbook\":null",
                "alarm workflow-throttled has no runbook");
    }

    @Test
    void anEffectRuleThatIncludesReplaysIsRejected() {
        refused(
                "\"kind\":\"PROJECTION\"",
                "\"kind\":\"EFFECT\"",
                "rule project-analytics of kind EFFECT must exclude replays");
    }

    @Test
    void anUnknownFieldIsRejected() {
        refused("\"bus\":", "\"surprise\":1,\"bus\":", "surprise");
    }

    @Test
    void everyStepOfTheWorkflowHasATimeout() {
        states().properties()
                .forEach(
                        state -> {
                            if (state.getValue().path("Type").stringValue().equals("Task")) {
                                assertThat(state.getValue().path("TimeoutSeconds").intValue(0))
                                        .as(state.getKey())
                                        .isPositive();
                                assertThat(state.getValue().path("Retry").size())
                                        .as(state.getKey())
                                        .isPositive();
                            }
                        });
    }

    @Test
    void everyCallOfAServiceCarriesAnIdempotencyKeyOfItsStep() {
        var keys = new HashSet<String>();
        states().properties()
                .forEach(
                        state -> {
                            if (state.getValue()
                                    .path("Resource")
                                    .asString("")
                                    .endsWith("http:invoke")) {
                                var key =
                                        state.getValue()
                                                .at("/Arguments/Headers/Idempotency-Key")
                                                .stringValue();
                                assertThat(key).contains("orderId & ':");
                                assertThat(keys.add(key)).as("a key of its own: " + key).isTrue();
                            }
                        });
        assertThat(keys).hasSizeGreaterThanOrEqualTo(5);
    }

    /// Business errors come first and are not retried; all other errors are retried for longer than
    /// a failover of the database takes.
    @Test
    void onlyTemporaryErrorsAreRetried() {
        int calls = 0;
        for (var state : states().properties()) {
            if (!state.getValue().path("Resource").asString("").endsWith("http:invoke")) {
                continue;
            }
            calls++;
            var retry = state.getValue().path("Retry");
            assertThat(retry).as(state.getKey()).hasSize(2);
            assertThat(retry.get(0).path("MaxAttempts").intValue(-1)).isZero();
            assertThat(errors(retry.get(0)))
                    .as(state.getKey())
                    .contains("States.Http.StatusCode.400", "States.Http.StatusCode.422")
                    .allMatch(
                            error ->
                                    error.matches("States\\.Http\\.StatusCode\\.4\\d\\d")
                                            || error.equals(EVALUATION))
                    .doesNotContain("States.Http.StatusCode.429");
            assertThat(errors(retry.get(1)))
                    .as("States.TaskFailed is every error but a time-out")
                    .containsExactly("States.TaskFailed", "States.Timeout");
            assertThat(shortestBudget(retry.get(1)))
                    .as(state.getKey())
                    .isGreaterThan(SECONDS_OF_A_FAILOVER);
        }
        assertThat(calls).isGreaterThanOrEqualTo(5);
        for (var step : List.of("AuthorizePayment", "CapturePayment", "VoidPayment")) {
            assertThat(errors(states().path(step).path("Retry").get(0)))
                    .as("the gateway refused for good")
                    .contains("States.Http.StatusCode.424")
                    .as("the first request is still at work")
                    .doesNotContain("States.Http.StatusCode.409");
        }
    }

    /// An expression that cannot be evaluated is a defect of the definition or its input: a retry
    /// has the same result, and retries for hours would only hide the defect.
    @Test
    void noStepRepeatsAnExpressionThatCannotBeEvaluated() {
        for (var state : states().properties()) {
            if (state.getValue().path("Type").stringValue().equals("Task")) {
                var first = state.getValue().path("Retry").path(0);
                assertThat(errors(first)).as(state.getKey()).contains(EVALUATION);
                assertThat(first.path("MaxAttempts").intValue(-1)).as(state.getKey()).isZero();
            }
        }
    }

    private static final String EVALUATION = "States.QueryEvaluationError";

    /// A failover of RDS typically takes 60 to 120 seconds, according to its guide to Multi-AZ
    /// deployments.
    private static final double SECONDS_OF_A_FAILOVER = 120;

    /// The time in seconds for which a step is retried, for all but one order in a thousand. With
    /// full jitter each wait is uniformly distributed between zero and its maximum, so the sum is
    /// at least the mean less three standard deviations. The duration of the calls is not counted.
    private static double shortestBudget(JsonNode retry) {
        double mean = 0;
        double variance = 0;
        double wait = retry.path("IntervalSeconds").intValue();
        for (int attempt = 0; attempt < retry.path("MaxAttempts").intValue(); attempt++) {
            double most = Math.min(wait, retry.path("MaxDelaySeconds").intValue());
            mean += most / 2;
            variance += most * most / 12;
            wait *= retry.path("BackoffRate").doubleValue();
        }
        return mean - 3 * Math.sqrt(variance);
    }

    /// A Choice cannot catch an error, so it uses only values that an earlier step has evaluated.
    @Test
    void aChoiceEvaluatesNothingThatCanFail() {
        var choices =
                states().properties().stream()
                        .filter(
                                state ->
                                        state.getValue()
                                                .path("Type")
                                                .stringValue()
                                                .equals("Choice"))
                        .toList();
        assertThat(choices).isNotEmpty();
        for (var choice : choices) {
            for (var rule : choice.getValue().path("Choices")) {
                var variable =
                        Pattern.compile("\\{% \\$([A-Za-z]+) %}")
                                .matcher(rule.path("Condition").stringValue());
                assertThat(variable.matches()).as(choice.getKey()).isTrue();
                assertThat(states().path("ReserveInventory").path("Assign").has(variable.group(1)))
                        .as("it is evaluated before any money is authorised")
                        .isTrue();
            }
        }
    }

    /// An expression without a value is an error. The steps before the payment read every field
    /// that later steps read, so an order with a missing field fails before it is charged.
    @Test
    void theWorkflowReadsNoNewFieldOfAnOrderAfterItsPayment() {
        var before = new HashSet<String>();
        for (var step : List.of("ReserveInventory", "AuthorizePayment")) {
            before.addAll(readOfTheOrder(states().path(step)));
        }
        var after = new HashSet<String>();
        for (var state : states().properties()) {
            after.addAll(readOfTheOrder(state.getValue()));
        }
        assertThat(after).hasSizeGreaterThan(5).isEqualTo(before);
    }

    /// The first level only: the contract defines the parts of `total`.
    private static Set<String> readOfTheOrder(JsonNode state) {
        return Pattern.compile("\\$(?:order|states\\.input)\\.([A-Za-z]+)")
                .matcher(state.toString())
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
    }

    private static List<String> errors(JsonNode entry) {
        return entry.path("ErrorEquals").valueStream().map(JsonNode::stringValue).toList();
    }

    @Test
    void theWorkflowUsesExactlyTheRejectionReasonsOfTheContract() {
        var given = new HashSet<String>();
        states().findValues("outcome").stream()
                .filter(outcome -> outcome.path("type").stringValue().equals("OrderRejected"))
                .forEach(outcome -> given.add(outcome.path("reason").stringValue()));
        assertThat(given)
                .isEqualTo(
                        Arrays.stream(OrderRejected.OrderRejectionReason.values())
                                .map(Enum::name)
                                .collect(Collectors.toSet()));
    }

    @Test
    void aFailureAfterTheReservationReleasesIt() {
        for (var state : List.of("AuthorizePayment", "AwaitApproval", "ArrangeShipment")) {
            for (var caught : states().path(state).path("Catch")) {
                assertThat(wayOutFrom(caught.path("Next").stringValue()))
                        .as(state)
                        .contains("ReleaseInventory")
                        .endsWith("PublishOutcome");
            }
        }
    }

    @Test
    void anUnknownPaymentOutcomeIsVoidedBeforeStockIsReleased() {
        var catches = states().path("AuthorizePayment").path("Catch");
        var unknown = catches.get(catches.size() - 1);
        assertThat(unknown.path("ErrorEquals").get(0).stringValue()).isEqualTo("States.ALL");
        assertThat(wayOutFrom(unknown.path("Next").stringValue()))
                .containsExactly("VoidPayment", "ReleaseInventory", "PublishOutcome");
    }

    @Test
    void everyExpressionOfTheWorkflowIsJsonata() {
        var definition =
                CloudProvisioner.fillPlaceholders(TOPOLOGY.workflowDefinition(), someValues());
        var expressions =
                Pattern.compile("\\{%(.*?)%}")
                        .matcher(definition)
                        .results()
                        .map(found -> found.group(1))
                        .toList();
        assertThat(expressions).hasSizeGreaterThan(30);
        for (var expression : expressions) {
            assertThat(Jsonata.jsonata(JSON.readTree("\"" + expression + "\"").stringValue()))
                    .isNotNull();
        }
    }

    @Test
    void aPlaceholderWithoutAValueIsReportedByName() {
        assertThatThrownBy(() -> CloudProvisioner.fillPlaceholders("a ${Missing} b", Map.of()))
                .hasMessage("no value for placeholder ${Missing}");
    }

    private static JsonNode states() {
        return JSON.readTree(TOPOLOGY.workflowDefinition()).path("States");
    }

    private static List<String> wayOutFrom(String first) {
        return Stream.iterate(
                        first,
                        state -> !state.isEmpty(),
                        state -> states().path(state).path("Next").asString(""))
                .toList();
    }

    private static Map<String, String> someValues() {
        var values = new HashMap<String, String>();
        Pattern.compile("\\$\\{([A-Za-z]+)}")
                .matcher(TOPOLOGY.workflowDefinition())
                .results()
                .forEach(found -> values.put(found.group(1), "1000"));
        return values;
    }

    private static void refused(String part, String otherPart, String why) {
        var json = JSON.readTree(text("/topology/topology.json")).toString();
        assertThat(json).contains(part);
        assertThatThrownBy(() -> Topology.read(json.replace(part, otherPart)))
                .hasMessageContaining(why);
    }

    private static Set<String> queuesReachedBy(JsonNode event) throws Exception {
        var reached = new HashSet<String>();
        for (var rule : TOPOLOGY.rules()) {
            if (rule.kind() != RuleKind.OPERATIONS
                    && Ruler.matchesRule(event.toString(), rule.pattern().toString())) {
                reached.add(rule.target());
            }
        }
        return reached;
    }

    private static ObjectNode event(String type) {
        var event = JSON.createObjectNode();
        event.put("version", "0")
                .put("id", "7bf73129-1428-4cd3-a780-95db273d1602")
                .put("detail-type", type)
                .put(
                        "source",
                        Set.of("OrderCreated", "OrderCancellationRequested").contains(type)
                                ? "orderflow.orders"
                                : "orderflow.workflow");
        event.set("detail", JSON.readTree(text("/contracts/" + type + ".v1.example.json")));
        return event;
    }

    private static String text(String resource) {
        try (var in = TopologyTest.class.getResourceAsStream(resource)) {
            return new String(
                    Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new IllegalStateException(resource, unreadable);
        }
    }
}
