package dev.orderflow.localcloud.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.ConnectionAuthorizationType;
import software.amazon.awssdk.services.eventbridge.model.ConnectionState;
import software.amazon.awssdk.services.eventbridge.model.EventBridgeException;
import software.amazon.awssdk.services.eventbridge.model.InvalidEventPatternException;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.ReplayState;
import software.amazon.awssdk.services.eventbridge.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.eventbridge.model.ResourceNotFoundException;
import software.amazon.awssdk.services.eventbridge.model.RuleState;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sqs.model.Message;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// EventBridge as AWS documents it, through the AWS SDK.
class EventBridgeConformanceTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String SHOP = "{\"source\":[\"shop\"]}";

    private final EventBridgeClient events = CloudUnderTest.client(EventBridgeClient.builder());
    private final TestQueues queues = new TestQueues();
    private String bus = "";
    private String busArn = "";

    @BeforeEach
    void createBus() {
        bus = CloudUnderTest.unique("bus");
        busArn = events.createEventBus(create -> create.name(bus)).eventBusArn();
    }

    private String rule(String pattern, String queueArn, Consumer<Target.Builder> more) {
        var name = CloudUnderTest.unique("rule");
        var arn =
                events.putRule(put -> put.name(name).eventBusName(bus).eventPattern(pattern))
                        .ruleArn();
        var target = Target.builder().id("it").arn(queueArn);
        more.accept(target);
        assertThat(
                        events.putTargets(
                                        put ->
                                                put.rule(name)
                                                        .eventBusName(bus)
                                                        .targets(target.build()))
                                .failedEntryCount())
                .isZero();
        return arn;
    }

    private static String nameOf(String ruleArn) {
        return ruleArn.substring(ruleArn.lastIndexOf('/') + 1);
    }

    private PutEventsRequestEntry.Builder shop(String detail) {
        return PutEventsRequestEntry.builder()
                .eventBusName(bus)
                .source("shop")
                .detailType("OrderPlaced")
                .detail(detail);
    }

    private String put(String detail) {
        var answer = events.putEvents(put -> put.entries(shop(detail).build()));
        assertThat(answer.failedEntryCount()).isZero();
        return answer.entries().getFirst().eventId();
    }

    private static JsonNode json(Message message) {
        return JSON.readTree(message.body());
    }

    /// An event has a fixed envelope, whose `detail` is that of the sender.
    /// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
    @Test
    void anEventArrivesInTheDocumentedEnvelope() {
        var queue = queues.create("inbox");
        rule(SHOP, queue.arn(), target -> {});
        var time = Instant.now().truncatedTo(ChronoUnit.SECONDS);

        var answer =
                events.putEvents(
                        put ->
                                put.entries(
                                        shop("{\"order\":7}")
                                                .time(time)
                                                .resources("arn:order/7")
                                                .build()));

        var event = json(queues.next(queue));
        assertThat(event.propertyNames())
                .containsExactlyInAnyOrder(
                        "version",
                        "id",
                        "detail-type",
                        "source",
                        "account",
                        "time",
                        "region",
                        "resources",
                        "detail");
        assertThat(event.get("version").stringValue()).isEqualTo("0");
        assertThat(event.get("id").stringValue()).isEqualTo(answer.entries().getFirst().eventId());
        assertThat(event.get("detail-type").stringValue()).isEqualTo("OrderPlaced");
        assertThat(event.get("source").stringValue()).isEqualTo("shop");
        assertThat(event.get("time").stringValue()).isEqualTo(time.toString());
        assertThat(event.get("resources")).hasToString("[\"arn:order/7\"]");
        assertThat(event.get("detail")).hasToString("{\"order\":7}");
    }

    /// "If an error occurs, the entry has an error code and message"; the answer keeps the order of
    /// the request. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
    @Test
    void putEventsReportsFailuresPerEntryInRequestOrder() {
        var answer =
                events.putEvents(
                        put ->
                                put.entries(
                                        shop("not json").build(),
                                        shop("{}").build(),
                                        shop("{}").source("aws.shop").build(),
                                        shop("{}").detailType(null).build()));

        assertThat(answer.failedEntryCount()).isEqualTo(3);
        assertThat(answer.entries().get(0).errorCode()).isEqualTo("MalformedDetail");
        assertThat(answer.entries().get(1).eventId()).isNotBlank();
        assertThat(answer.entries().get(1).errorCode()).isNull();
        assertThat(answer.entries().get(2).errorCode())
                .isEqualTo("NotAuthorizedForSourceException");
        assertThat(answer.entries().get(3).errorCode()).isEqualTo("InvalidArgument");
    }

    /// "Array Members: Minimum number of 1 item. Maximum number of 10 items."
    /// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
    @Test
    void aRequestHasAtMostTenEntries() {
        var entries = new ArrayList<PutEventsRequestEntry>();
        for (int n = 0; n < 11; n++) {
            entries.add(shop("{}").build());
        }

        assertThatThrownBy(() -> events.putEvents(put -> put.entries(entries)))
                .isInstanceOfSatisfying(
                        EventBridgeException.class,
                        e ->
                                assertThat(e.awsErrorDetails().errorCode())
                                        .isEqualTo("ValidationException"));
    }

    /// "The total entry size must be less than 1 MB."
    /// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
    @Test
    void anEntryAboveOneMegabyteIsRefused() {
        var detail = "{\"a\":\"" + "x".repeat(1_048_577) + "\"}";

        assertThatThrownBy(() -> put(detail)).isInstanceOf(EventBridgeException.class);
    }

    /// A pattern matches by prefix, suffix, number, absence and `$or`.
    /// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
    @Test
    void aRuleReceivesOnlyMatchingEvents() {
        var queue = queues.create("inbox");
        rule(
                """
                {"source":[{"prefix":"sh"}],"detail":{"total":[{"numeric":[">",10,"<=",20]}],
                "gift":[{"exists":false}],"$or":[{"sku":["MUG"]},{"sku":[{"suffix":"-BLUE"}]}]}}""",
                queue.arn(),
                target -> {});

        put("{\"n\":1,\"total\":20,\"sku\":\"MUG\"}");
        put("{\"n\":2,\"total\":20.01,\"sku\":\"MUG\"}");
        put("{\"n\":3,\"total\":15,\"sku\":\"CUP\"}");
        put("{\"n\":4,\"total\":15,\"sku\":\"CUP-BLUE\",\"gift\":true}");
        put("{\"n\":5,\"total\":15,\"sku\":\"CUP-BLUE\"}");

        assertThat(queues.all(queue, 2))
                .extracting(message -> json(message).at("/detail/n").intValue())
                .containsExactlyInAnyOrder(1, 5);
    }

    /// "Event pattern is not valid."
    /// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
    @Test
    void anInvalidPatternIsRejected() {
        for (String pattern :
                List.of(
                        "nonsense",
                        "{\"source\":\"shop\"}",
                        "{\"source\":[{\"magic\":1}]}",
                        "[]")) {
            assertThatThrownBy(
                            () ->
                                    events.putRule(
                                            put ->
                                                    put.name(CloudUnderTest.unique("rule"))
                                                            .eventBusName(bus)
                                                            .eventPattern(pattern)))
                    .as(pattern)
                    .isInstanceOf(InvalidEventPatternException.class);
        }
    }

    /// `TestEventPattern` returns whether an event matches.
    /// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html
    @Test
    void aPatternCanBeTested() {
        var event =
                """
                {"id":"1","account":"123456789012","source":"shop","time":"2026-11-23T00:00:00Z",
                "region":"us-east-1","resources":[],"detail-type":"A","detail":{}}""";

        assertThat(events.testEventPattern(t -> t.eventPattern(SHOP).event(event)).result())
                .isTrue();
        assertThat(
                        events.testEventPattern(
                                        t ->
                                                t.eventPattern("{\"source\":[\"other\"]}")
                                                        .event(event))
                                .result())
                .isFalse();
    }

    /// "When you disable a rule, incoming events might continue to match… for a short time"; after
    /// that nothing is delivered.
    /// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DisableRule.html
    @Test
    void aDisabledRuleReportsItsStateAndReceivesNothing() {
        var queue = queues.create("inbox");
        var other = queues.create("other");
        var name = nameOf(rule(SHOP, queue.arn(), target -> {}));
        rule(SHOP, other.arn(), target -> {});

        events.disableRule(disable -> disable.name(name).eventBusName(bus));

        assertThat(events.describeRule(d -> d.name(name).eventBusName(bus)).state())
                .isEqualTo(RuleState.DISABLED);
        put("{}");
        queues.next(other);
        assertThat(queues.now(queue)).isEmpty();
    }

    /// "Before you can delete the rule, you must remove all targets."
    /// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteRule.html
    @Test
    void aRuleIsDeletedOnlyAfterItsTargets() {
        var name = nameOf(rule(SHOP, queues.create("inbox").arn(), target -> {}));

        assertThatThrownBy(() -> events.deleteRule(d -> d.name(name).eventBusName(bus)))
                .isInstanceOf(EventBridgeException.class)
                .hasMessageContaining("Rule can't be deleted since it has targets.");

        events.removeTargets(r -> r.rule(name).eventBusName(bus).ids("it"));
        events.deleteRule(d -> d.name(name).eventBusName(bus));
        assertThatThrownBy(() -> events.describeRule(d -> d.name(name).eventBusName(bus)))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("does not exist on EventBus " + bus);
    }

    /// "InputPath: only the part of the event specified in the path is passed to the target";
    /// "InputTransformer: one or more specified JSONPaths are extracted from the event".
    /// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html
    @Test
    void aTargetReceivesItsInputPathOrTemplate() {
        var part = queues.create("part");
        var template = queues.create("template");
        var constant = queues.create("constant");
        rule(SHOP, part.arn(), target -> target.inputPath("$.detail.lines[0]"));
        rule(
                SHOP,
                template.arn(),
                target ->
                        target.inputTransformer(
                                t ->
                                        t.inputPathsMap(
                                                        Map.of(
                                                                "id",
                                                                "$.detail.id",
                                                                "lines",
                                                                "$.detail.lines"))
                                                .inputTemplate(
                                                        "{\"order\": <id>, \"text\": \"order <id>\", \"lines\": <lines>}")));
        rule(SHOP, constant.arn(), target -> target.input("{\"fixed\":true}"));

        put("{\"id\":\"o-1\",\"lines\":[{\"sku\":\"MUG\"}]}");

        assertThat(queues.next(part).body()).isEqualTo("{\"sku\":\"MUG\"}");
        assertThat(json(queues.next(template)))
                .isEqualTo(
                        JSON.readTree(
                                "{\"order\":\"o-1\",\"text\":\"order o-1\",\"lines\":[{\"sku\":\"MUG\"}]}"));
        assertThat(queues.next(constant).body()).isEqualTo("{\"fixed\":true}");
    }

    /// "For errors that result from… a target resource that no longer exists, no retry attempts
    /// will happen"; "each message in your DLQ will include custom attributes".
    /// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    @Test
    void anEventForAMissingTargetIsDeadLetteredWithTheReason() {
        var dead = queues.create("dead");
        var gone = queues.create("gone");
        var arn =
                rule(
                        SHOP,
                        gone.arn(),
                        target ->
                                target.inputPath("$.detail")
                                        .deadLetterConfig(d -> d.arn(dead.arn())));
        queues.delete(gone);

        var id = put("{}");

        var letter = queues.next(dead);
        assertThat(json(letter).get("id").stringValue()).isEqualTo(id);
        assertThat(letter.messageAttributes())
                .hasEntrySatisfying(
                        "RULE_ARN", value -> assertThat(value.stringValue()).isEqualTo(arn))
                .hasEntrySatisfying(
                        "TARGET_ARN",
                        value -> assertThat(value.stringValue()).isEqualTo(gone.arn()))
                .containsKeys("ERROR_CODE", "ERROR_MESSAGE");
    }

    /// A FIFO queue as target needs `SqsParameters` with a message group id.
    /// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_SqsParameters.html
    @Test
    void aFifoTargetNeedsAMessageGroup() {
        var name = CloudUnderTest.unique("rule");
        events.putRule(put -> put.name(name).eventBusName(bus).eventPattern(SHOP));
        var target =
                Target.builder()
                        .id("it")
                        .arn("arn:aws:sqs:us-east-1:000000000000:some.fifo")
                        .build();

        assertThatThrownBy(
                        () ->
                                events.putTargets(
                                        p -> p.rule(name).eventBusName(bus).targets(target)))
                .isInstanceOf(EventBridgeException.class)
                .hasMessageContaining("SqsParameters must be specified for target: it");
    }

    /// "EventBridge… adds a `replay-name` field"; replayed are "only events that occurred between"
    /// the two times, to the rules of `FilterArns`.
    /// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_StartReplay.html
    @Test
    void aReplaySendsTheWindowToTheRulesItNamesAndMarksItsEvents() {
        var archive = CloudUnderTest.unique("archive");
        var archiveArn =
                events.createArchive(
                                create ->
                                        create.archiveName(shortened(archive))
                                                .eventSourceArn(busArn)
                                                .retentionDays(1))
                        .archiveArn();
        var time = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        for (int age : List.of(3, 2, 1)) {
            events.putEvents(
                    put ->
                            put.entries(
                                    shop("{\"age\":%d}".formatted(age))
                                            .time(time.minusSeconds(age * 600L))
                                            .build()));
        }
        var projection = queues.create("projection");
        var effect = queues.create("effect");
        var other = queues.create("other");
        var projectionArn = rule(SHOP, projection.arn(), target -> {});
        var effectArn =
                rule(
                        "{\"source\":[\"shop\"],\"replay-name\":[{\"exists\":false}]}",
                        effect.arn(),
                        target -> {});
        rule(SHOP, other.arn(), target -> {});
        var replay = CloudUnderTest.unique("replay");

        var started =
                events.startReplay(
                        start ->
                                start.replayName(replay)
                                        .eventSourceArn(archiveArn)
                                        .eventStartTime(time.minusSeconds(1_500))
                                        .eventEndTime(time)
                                        .destination(
                                                to ->
                                                        to.arn(busArn)
                                                                .filterArns(
                                                                        projectionArn, effectArn)));

        assertThat(started.state()).isEqualTo(ReplayState.STARTING);
        await().atMost(Duration.ofMinutes(1))
                .until(
                        () ->
                                events.describeReplay(d -> d.replayName(replay)).state()
                                        == ReplayState.COMPLETED);
        assertThat(queues.all(projection, 2))
                .extracting(message -> json(message).at("/detail/age").intValue())
                .containsExactlyInAnyOrder(1, 2);
        assertThat(queues.now(effect)).isEmpty();
        assertThat(queues.now(other)).isEmpty();
        var described = events.describeReplay(d -> d.replayName(replay));
        assertThat(described.eventSourceArn()).isEqualTo(archiveArn);
        assertThat(described.replayEndTime()).isNotNull();
        assertThat(described.destination().filterArns())
                .containsExactlyInAnyOrder(projectionArn, effectArn);
    }

    private static String shortened(String name) {
        return name.length() <= 48 ? name : name.substring(0, 48);
    }

    /// A replay goes only to the bus of its archive, and its window must be ordered.
    @Test
    void anInvalidReplayIsRejected() {
        var archiveArn =
                events.createArchive(
                                create ->
                                        create.archiveName(
                                                        shortened(CloudUnderTest.unique("archive")))
                                                .eventSourceArn(busArn))
                        .archiveArn();
        var otherBus =
                events.createEventBus(create -> create.name(CloudUnderTest.unique("bus")))
                        .eventBusArn();
        var now = Instant.now();

        assertThatThrownBy(
                        () ->
                                events.startReplay(
                                        start ->
                                                start.replayName(CloudUnderTest.unique("replay"))
                                                        .eventSourceArn(archiveArn)
                                                        .eventStartTime(now)
                                                        .eventEndTime(now.minusSeconds(60))
                                                        .destination(to -> to.arn(busArn))))
                .hasMessageContaining("EventStartTime must be before EventEndTime");
        assertThatThrownBy(
                        () ->
                                events.startReplay(
                                        start ->
                                                start.replayName(CloudUnderTest.unique("replay"))
                                                        .eventSourceArn(archiveArn)
                                                        .eventStartTime(now.minusSeconds(60))
                                                        .eventEndTime(now)
                                                        .destination(to -> to.arn(otherBus))))
                .hasMessageContaining("Cross event bus replay is not permitted");
    }

    /// Only a replay that is starting or running can be cancelled.
    /// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CancelReplay.html
    @Test
    void aCompletedReplayCannotBeCancelled() {
        var archiveArn =
                events.createArchive(
                                create ->
                                        create.archiveName(
                                                        shortened(CloudUnderTest.unique("archive")))
                                                .eventSourceArn(busArn))
                        .archiveArn();
        var replay = CloudUnderTest.unique("replay");
        events.startReplay(
                start ->
                        start.replayName(replay)
                                .eventSourceArn(archiveArn)
                                .eventStartTime(Instant.now().minusSeconds(60))
                                .eventEndTime(Instant.now())
                                .destination(to -> to.arn(busArn)));
        await().atMost(Duration.ofMinutes(1))
                .until(
                        () ->
                                events.describeReplay(d -> d.replayName(replay)).state()
                                        == ReplayState.COMPLETED);

        assertThatThrownBy(() -> events.cancelReplay(c -> c.replayName(replay)))
                .isInstanceOfSatisfying(
                        EventBridgeException.class,
                        e ->
                                assertThat(e.awsErrorDetails().errorCode())
                                        .isEqualTo("IllegalStatusException"));
    }

    /// The secrets of a connection are not part of `DescribeConnection`.
    @Test
    void aConnectionKeepsItsSecret() {
        var name = CloudUnderTest.unique("connection");
        events.createConnection(
                create ->
                        create.name(name)
                                .authorizationType(ConnectionAuthorizationType.API_KEY)
                                .authParameters(
                                        auth ->
                                                auth.apiKeyAuthParameters(
                                                        key ->
                                                                key.apiKeyName("X-Api-Key")
                                                                        .apiKeyValue("s3cret"))));

        var described = events.describeConnection(d -> d.name(name));

        assertThat(described.connectionState()).isEqualTo(ConnectionState.AUTHORIZED);
        assertThat(described.authParameters().apiKeyAuthParameters().apiKeyName())
                .isEqualTo("X-Api-Key");
        assertThat(described.secretArn()).contains(":secretsmanager:");
        assertThat(described.toString()).doesNotContain("s3cret");
    }

    /// A bus name can be used once, and the default bus cannot be deleted.
    @Test
    void aBusIsCreatedOnceAndTheDefaultBusCannotBeDeleted() {
        assertThatThrownBy(() -> events.createEventBus(create -> create.name(bus)))
                .isInstanceOf(ResourceAlreadyExistsException.class);
        assertThatThrownBy(() -> events.deleteEventBus(d -> d.name("default")))
                .isInstanceOf(EventBridgeException.class);
        assertThat(events.describeEventBus(d -> d.name(bus)).arn()).isEqualTo(busArn);
        events.deleteEventBus(d -> d.name(bus));
        assertThatThrownBy(() -> events.describeEventBus(d -> d.name(bus)))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    /// Listings have pages of `Limit` entries, with `NextToken` for the next page.
    @Test
    void rulesAreListedInPages() {
        for (int n = 0; n < 3; n++) {
            rule(SHOP, "arn:aws:sqs:us-east-1:000000000000:any", target -> {});
        }

        var first = events.listRules(list -> list.eventBusName(bus).limit(2));
        var second =
                events.listRules(
                        list -> list.eventBusName(bus).limit(2).nextToken(first.nextToken()));

        assertThat(first.rules()).hasSize(2);
        assertThat(second.rules()).hasSize(1);
        assertThat(second.nextToken()).isNull();
    }
}
