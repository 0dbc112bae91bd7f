package dev.orderflow.localcloud.eventbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.localcloud.wire.AwsErrorException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class EventDeliveryTest {

    private static final AwsErrorException BROKEN =
            AwsErrorException.withStatus(500, "InternalError", "the queue is having a bad day");
    private static final AwsErrorException GONE =
            AwsErrorException.client("AWS.SimpleQueueService.NonExistentQueue", "no such queue");
    private static final String WITH_DLQ =
            ",\"DeadLetterConfig\":{\"Arn\":\"%s\"}".formatted(EventBridgeFixture.DLQ);

    private final EventBridgeFixture fixture = new EventBridgeFixture(1_000);

    @AfterEach
    void close() {
        fixture.close();
    }

    private ObjectNode onlyEventIn(String arn) {
        await().until(() -> !fixture.queues.messages(arn).isEmpty());
        assertThat(fixture.queues.messages(arn)).hasSize(1);
        return (ObjectNode)
                EventBridgeJson.MAPPER.readTree(fixture.queues.messages(arn).getFirst().body());
    }

    @Test
    void anEventReachesTheTargetsOfTheRuleItMatches() {
        fixture.shopRule("to-orders", "");
        fixture.rule("others", "{\"source\":[\"warehouse\"]}", EventBridgeFixture.DLQ, "");

        var answer =
                fixture.call(
                        "PutEvents",
                        """
                        {"Entries":[{"Source":"shop","DetailType":"OrderPlaced","Time":1700000000,
                        "Resources":["order/7"],"Detail":"{\\"total\\":49.90}"}]}""");

        var event = onlyEventIn(EventBridgeFixture.ORDERS);
        assertThat(event.get("id")).isEqualTo(answer.at("/Entries/0/EventId"));
        event.remove("id");
        assertThat(event)
                .hasToString(
                        """
                        {"version":"0","detail-type":"OrderPlaced","source":"shop","account":"000000000000",\
                        "time":"2023-11-14T22:13:20Z","region":"us-east-1","resources":["order/7"],"detail":{"total":49.90}}""");
        assertThat(fixture.queues.messages(EventBridgeFixture.DLQ)).isEmpty();
    }

    @Test
    void aDisabledRuleMatchesNothingUntilItIsEnabled() {
        fixture.shopRule("to-orders", "");
        fixture.call("DisableRule", "{\"Name\":\"to-orders\"}");
        fixture.put("{\"n\":1}");
        fixture.call("EnableRule", "{\"Name\":\"to-orders\"}");
        fixture.put("{\"n\":2}");

        assertThat(onlyEventIn(EventBridgeFixture.ORDERS).at("/detail/n").intValue()).isEqualTo(2);
    }

    @Test
    void aTopicAndAStateMachineAreTargetsToo() {
        fixture.rule("to-topic", "{\"source\":[\"shop\"]}", EventBridgeFixture.TOPIC, "");
        fixture.rule(
                "to-machine",
                "{\"source\":[\"shop\"]}",
                EventBridgeFixture.MACHINE,
                ",\"RoleArn\":\"arn:aws:iam::000000000000:role/r\",\"InputPath\":\"$.detail\"");

        var id = fixture.put("{\"n\":1}").at("/Entries/0/EventId").stringValue();

        await().until(() -> fixture.published.size() == 1 && fixture.started.size() == 1);
        assertThat(fixture.published.getFirst()).contains("\"detail\":{\"n\":1}");
        assertThat(fixture.started.values()).containsExactly("{\"n\":1}");
        assertThat(fixture.started.keySet()).allMatch(name -> name.startsWith(id + "_"));
    }

    @Test
    void aFifoQueueReceivesTheMessageGroupOfItsTarget() {
        var fifo = "arn:aws:sqs:us-east-1:000000000000:orders.fifo";
        fixture.rule(
                "to-fifo",
                "{\"source\":[\"shop\"]}",
                fifo,
                ",\"SqsParameters\":{\"MessageGroupId\":\"g\"}");

        fixture.put("{}");

        onlyEventIn(fifo);
        assertThat(fixture.queues.messages(fifo).getFirst().groupId()).isEqualTo("g");
    }

    @Test
    void aTargetThatRecoversGetsTheEventOnce() {
        fixture.queues.fail(EventBridgeFixture.ORDERS, 3, BROKEN);
        fixture.shopRule("to-orders", WITH_DLQ);

        fixture.put("{}");

        onlyEventIn(EventBridgeFixture.ORDERS);
        assertThat(fixture.queues.attempts(EventBridgeFixture.ORDERS)).isEqualTo(4);
        assertThat(fixture.queues.messages(EventBridgeFixture.DLQ)).isEmpty();
        var rule = Map.of("RuleName", "to-orders");
        await().untilAsserted(
                        () -> {
                            assertThat(
                                            fixture.metrics.sum(
                                                    "AWS/Events/RetryInvocationAttempts", rule))
                                    .isEqualTo(3);
                            assertThat(fixture.metrics.sum("AWS/Events/Invocations", rule))
                                    .isEqualTo(1);
                            assertThat(fixture.metrics.sum("AWS/Events/FailedInvocations", rule))
                                    .isZero();
                        });
    }

    @Test
    void aTargetThatKeepsFailingIsRetriedByItsPolicyAndThenDeadLettered() {
        fixture.queues.fail(EventBridgeFixture.ORDERS, Integer.MAX_VALUE, BROKEN);
        fixture.shopRule(
                "to-orders",
                WITH_DLQ
                        + ",\"RetryPolicy\":{\"MaximumRetryAttempts\":2},\"InputPath\":\"$.detail\"");

        var id = fixture.put("{\"n\":1}").at("/Entries/0/EventId");

        assertThat(onlyEventIn(EventBridgeFixture.DLQ).get("id"))
                .as("the dead letter is the event itself, not the target's input")
                .isEqualTo(id);
        assertThat(fixture.queues.attempts(EventBridgeFixture.ORDERS)).isEqualTo(3);
        assertThat(fixture.queues.messages(EventBridgeFixture.DLQ).getFirst().values())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "RULE_ARN",
                                "arn:aws:events:us-east-1:000000000000:rule/to-orders",
                                "TARGET_ARN",
                                EventBridgeFixture.ORDERS,
                                "ERROR_CODE",
                                "ERROR_FROM_TARGET",
                                "ERROR_MESSAGE",
                                "the queue is having a bad day",
                                "RETRY_ATTEMPTS",
                                "2",
                                "EXHAUSTED_RETRY_CONDITION",
                                "MaximumRetryAttempts"));
        await().untilAsserted(
                        () ->
                                assertThat(
                                                fixture.metrics.sum(
                                                        "AWS/Events/InvocationsSentToDlq",
                                                        Map.of("RuleName", "to-orders")))
                                        .isEqualTo(1));
    }

    @Test
    void aMissingQueueIsNotRetried() {
        fixture.queues.fail(EventBridgeFixture.ORDERS, Integer.MAX_VALUE, GONE);
        fixture.shopRule("to-orders", WITH_DLQ);

        fixture.put("{}");

        onlyEventIn(EventBridgeFixture.DLQ);
        assertThat(fixture.queues.attempts(EventBridgeFixture.ORDERS)).isEqualTo(1);
        assertThat(fixture.queues.messages(EventBridgeFixture.DLQ).getFirst().values())
                .containsEntry("ERROR_CODE", "NO_RESOURCE")
                .containsEntry("RETRY_ATTEMPTS", "0")
                .doesNotContainKey("EXHAUSTED_RETRY_CONDITION");
    }

    @Test
    void anEventIsDeadLetteredAtTheMaximumAgeOfItsPolicy() {
        fixture.queues.fail(EventBridgeFixture.ORDERS, Integer.MAX_VALUE, BROKEN);
        fixture.shopRule(
                "to-orders", WITH_DLQ + ",\"RetryPolicy\":{\"MaximumEventAgeInSeconds\":60}");
        var before = fixture.clock.instant();

        fixture.put("{}");

        onlyEventIn(EventBridgeFixture.DLQ);
        assertThat(Duration.between(before, fixture.clock.instant()))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(60));
        assertThat(fixture.queues.messages(EventBridgeFixture.DLQ).getFirst().values())
                .containsEntry("EXHAUSTED_RETRY_CONDITION", "MaximumEventAgeInSeconds");
    }

    @Test
    void anEventThatTheDeadLetterQueueRefusesIsCounted() {
        fixture.queues.fail(EventBridgeFixture.ORDERS, Integer.MAX_VALUE, GONE);
        fixture.queues.fail(EventBridgeFixture.DLQ, Integer.MAX_VALUE, GONE);
        fixture.shopRule("to-orders", WITH_DLQ);

        fixture.put("{}");

        await().untilAsserted(
                        () ->
                                assertThat(
                                                fixture.metrics.sum(
                                                        "AWS/Events/InvocationsFailedToBeSentToDlq",
                                                        Map.of("RuleName", "to-orders")))
                                        .isEqualTo(1));
    }

    @Test
    void aSlowTargetDelaysNeitherTheCallerNorAnotherTarget() {
        var door = new CountDownLatch(1);
        fixture.queues.blockUntil(EventBridgeFixture.ORDERS, door);
        fixture.shopRule("slow", "");
        fixture.rule("quick", "{\"source\":[\"shop\"]}", EventBridgeFixture.DLQ, "");

        fixture.put("{}");

        onlyEventIn(EventBridgeFixture.DLQ);
        assertThat(fixture.queues.messages(EventBridgeFixture.ORDERS)).isEmpty();
        door.countDown();
        onlyEventIn(EventBridgeFixture.ORDERS);
    }

    @Test
    void closingDeliversAllAcceptedEvents() {
        fixture.shopRule("to-orders", "");
        for (int n = 0; n < 300; n++) {
            fixture.put("{\"n\":%d}".formatted(n));
        }

        fixture.close();

        assertThat(fixture.queues.messages(EventBridgeFixture.ORDERS)).hasSize(300);
        assertThat(fixture.events.pendingDeliveries()).isZero();
        assertThat(fixture.callExpectingError("PutEvents", entries(1)).status()).isEqualTo(503);
    }

    @Test
    void closingAttemptsWaitingDeliveriesOnceMore() {
        try (var slow = new EventBridgeFixture(1)) {
            slow.queues.fail(EventBridgeFixture.ORDERS, 2, BROKEN);
            slow.shopRule("to-orders", "");
            slow.put("{}");
            await().until(() -> slow.queues.attempts(EventBridgeFixture.ORDERS) >= 2);

            slow.close();

            assertThat(slow.queues.messages(EventBridgeFixture.ORDERS)).hasSize(1);
        }
    }

    @Test
    void anInvalidEntryIsReportedAtItsPosition() {
        fixture.shopRule("to-orders", "");

        var answer =
                fixture.call(
                        "PutEvents",
                        """
                        {"Entries":[
                          {"Source":"shop","DetailType":"A","Detail":"{}"},
                          {"DetailType":"A","Detail":"{}"},
                          {"Source":"shop","DetailType":"A","Detail":"[1]"},
                          {"Source":"aws.shop","DetailType":"A","Detail":"{}"},
                          {"Source":"shop","DetailType":"A","Detail":"{\\"a\\":"}]}""");

        assertThat(answer.get("FailedEntryCount").intValue()).isEqualTo(4);
        assertThat(answer.at("/Entries/0/EventId").isString()).isTrue();
        assertThat(
                        List.of(1, 2, 3, 4).stream()
                                .map(n -> answer.at("/Entries/%d/ErrorCode".formatted(n)))
                                .map(node -> node.stringValue()))
                .containsExactly(
                        "InvalidArgument",
                        "MalformedDetail",
                        "NotAuthorizedForSourceException",
                        "MalformedDetail");
        assertThat(answer.at("/Entries/1/ErrorMessage").stringValue())
                .isEqualTo("Parameter Source is not valid. Reason: Source is a required argument.");
        onlyEventIn(EventBridgeFixture.ORDERS);
    }

    @Test
    void aRequestWithTooManyOrTooLargeEntriesIsRejected() {
        fixture.shopRule("to-orders", "");

        assertThat(fixture.callExpectingError("PutEvents", entries(11)).code())
                .isEqualTo("ValidationException");
        assertThat(fixture.callExpectingError("PutEvents", "{\"Entries\":[]}").code())
                .isEqualTo("ValidationException");
        var huge = EventBridgeJson.object();
        for (int n = 0; n < 2; n++) {
            huge.withArray("Entries")
                    .addObject()
                    .put("Source", "shop")
                    .put("DetailType", "A")
                    .put("Detail", "{\"a\":\"" + "x".repeat(600_000) + "\"}");
        }
        assertThat(fixture.callExpectingError("PutEvents", huge.toString()))
                .hasMessage("Total size of the entries in the request is over the limit.");
        assertThat(fixture.queues.attempts(EventBridgeFixture.ORDERS)).isZero();
    }

    @Test
    void anEntryOfTheWrongTypeRejectsTheWholeRequest() {
        fixture.shopRule("to-orders", "");

        fixture.callExpectingError(
                "PutEvents",
                """
                {"Entries":[{"Source":"shop","DetailType":"A","Detail":"{}"},
                {"Source":"shop","DetailType":"A","Detail":"{}","Time":"yesterday"}]}""");

        fixture.close();
        assertThat(fixture.queues.attempts(EventBridgeFixture.ORDERS)).isZero();
    }

    @Test
    void hostileEntriesAreRejectedWithoutAServerError() {
        for (String entries :
                List.of(
                        "{\"Entries\":7}",
                        "{\"Entries\":[7]}",
                        "{\"Entries\":[{\"Source\":7}]}",
                        "{\"Entries\":[{\"Source\":\"a\",\"DetailType\":\"b\",\"Detail\":\"{}\",\"Time\":1e400}]}",
                        "{\"Entries\":[{\"Source\":\"a\",\"DetailType\":\"b\",\"Detail\":\"{}\",\"Time\":\"yesterday\"}]}",
                        "{\"Entries\":[{\"Source\":\"a\",\"DetailType\":\"b\",\"Detail\":\"{}\",\"Resources\":\"x\"}]}",
                        "{\"Entries\":[{\"Source\":\"a\",\"DetailType\":\"b\",\"Detail\":\"{}\",\"EventBusName\":\"no such name\"}]}",
                        "{\"Entries\":[{\"Source\":\"a\"}],\"EndpointId\":\"a.b\"}")) {
            assertThat(fixture.callExpectingError("PutEvents", entries).code())
                    .as(entries)
                    .isEqualTo("ValidationException");
        }
        assertThat(fixture.put("{\"a\":1e9999999999}").at("/Entries/0/ErrorCode").stringValue())
                .isEqualTo("MalformedDetail");
        var deep = "{\"a\":".repeat(2_000) + "1" + "}".repeat(2_000);
        assertThat(fixture.put(deep).at("/Entries/0/ErrorCode").stringValue())
                .isEqualTo("MalformedDetail");
    }

    @Test
    void anEventThatWouldTakeHoursToMatchIsRejectedAndALargeOneIsAccepted() {
        fixture.rule(
                "r",
                "{\"detail\":{\"a\":[{\"prefix\":\"x\"}],\"b\":{\"c\":[\"y\"]}}}",
                EventBridgeFixture.ORDERS,
                "");
        var many = "\"x\",".repeat(50_000) + "\"x\"";

        var refused = fixture.put("{\"a\":[%s],\"b\":[%s]}".formatted(many, "{\"c\":\"y\"}"));
        var taken = fixture.put("{\"a\":\"x\",\"b\":{\"c\":\"y\"},\"free\":[%s]}".formatted(many));

        assertThat(refused.at("/Entries/0/ErrorMessage").stringValue())
                .contains("at most 5000 values");
        assertThat(taken.get("FailedEntryCount").intValue()).isZero();
        onlyEventIn(EventBridgeFixture.ORDERS);
    }

    @Test
    void valuesOfDifferentArrayElementsDoNotMatchTogether() {
        fixture.rule(
                "r",
                "{\"detail\":{\"lines\":{\"sku\":[\"MUG\"],\"size\":[\"L\"]}}}",
                EventBridgeFixture.ORDERS,
                "");

        fixture.put(
                "{\"n\":1,\"lines\":[{\"sku\":\"MUG\",\"size\":\"S\"},{\"sku\":\"CUP\",\"size\":\"L\"}]}");
        fixture.put("{\"n\":2,\"lines\":[{\"sku\":\"MUG\",\"size\":\"L\"}]}");

        assertThat(onlyEventIn(EventBridgeFixture.ORDERS).at("/detail/n").intValue()).isEqualTo(2);
    }

    @Test
    void anotherServicesEventGoesToTheDefaultBus() {
        fixture.rule("states", "{\"source\":[\"aws.states\"]}", EventBridgeFixture.ORDERS, "");

        fixture.events.publishServiceEvent(
                "aws.states",
                "Step Functions Execution Status Change",
                List.of("arn:x"),
                EventBridgeJson.object().put("status", "FAILED"));

        assertThat(onlyEventIn(EventBridgeFixture.ORDERS).at("/detail/status").stringValue())
                .isEqualTo("FAILED");
    }

    @Test
    void anEventWithoutATimeHasItsIngestionTime() {
        fixture.shopRule("to-orders", "");
        var before = fixture.clock.instant().minusSeconds(1);

        fixture.put("{}");

        assertThat(Instant.parse(onlyEventIn(EventBridgeFixture.ORDERS).get("time").stringValue()))
                .isBetween(before, fixture.clock.instant());
    }

    private static String entries(int count) {
        var request = EventBridgeJson.object();
        for (int n = 0; n < count; n++) {
            request.withArray("Entries")
                    .addObject()
                    .put("Source", "shop")
                    .put("DetailType", "A")
                    .put("Detail", "{}");
        }
        return request.toString();
    }
}
