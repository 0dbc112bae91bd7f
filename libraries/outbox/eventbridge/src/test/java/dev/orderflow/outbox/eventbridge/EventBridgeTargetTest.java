package dev.orderflow.outbox.eventbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.orderflow.contracts.fixture.AwsHttpStub;
import dev.orderflow.outbox.EventPayload;
import dev.orderflow.outbox.OutboxEvent;
import dev.orderflow.outbox.OutboxFixture;
import dev.orderflow.outbox.OutboxTarget.EntryResult;
import dev.orderflow.outbox.OutboxTarget.PublishResult;
import dev.orderflow.outbox.OutboxTarget.TargetState;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Uses the SDK with a stub that returns the HTTP responses of EventBridge.
class EventBridgeTargetTest {

    private final AwsHttpStub wire = new AwsHttpStub();
    private final EventBridgeClient client = wire.client(EventBridgeClient.builder());
    private final EventBridgeTarget bus =
            new EventBridgeTarget(client, "orderflow", "orderflow.orders");

    @AfterEach
    void stop() {
        client.close();
        wire.close();
    }

    @Test
    void eachEventIsSentWithItsTypePayloadAndTime() {
        wire.answer =
                "{\"FailedEntryCount\":0,\"Entries\":[{\"EventId\":\"1\"},{\"EventId\":\"2\"}]}";
        assertThat(bus.publish(List.of(event("a"), event("b"))))
                .isEqualTo(
                        new PublishResult.EntryResults(
                                List.of(
                                        new EntryResult.EntryAccepted(),
                                        new EntryResult.EntryAccepted())));
        assertThat(wire.lastTarget()).isEqualTo("AWSEvents.PutEvents");
        JsonNode first = JsonMapper.shared().readTree(wire.lastRequestBody()).at("/Entries/0");
        assertThat(first.path("EventBusName").asString()).isEqualTo("orderflow");
        assertThat(first.path("Source").asString()).isEqualTo("orderflow.orders");
        assertThat(first.path("DetailType").asString()).isEqualTo("OrderCreated");
        assertThat(first.path("Detail").asString()).isEqualTo("{\"eventId\":\"a\"}");
        assertThat(first.path("Time").asDouble()).isEqualTo(1_780_000_000.0);
    }

    @Test
    void eachEntryOfACallHasItsOwnResult() {
        wire.answer =
                """
                {"FailedEntryCount":4,"Entries":[
                    {"EventId":"1"},
                    {"ErrorCode":"MalformedDetail","ErrorMessage":"Detail is malformed."},
                    {"ErrorCode":"InternalFailure","ErrorMessage":"Try again."},
                    {"ErrorCode":"NotAuthorizedForSourceException","ErrorMessage":"No."},
                    {"EventId":"2"},
                    {"ErrorCode":"ThrottlingException","ErrorMessage":"Rate exceeded"}]}""";
        assertThat(
                        bus.publish(
                                Stream.of("a", "b", "c", "d", "e", "f")
                                        .map(EventBridgeTargetTest::event)
                                        .toList()))
                .isEqualTo(
                        new PublishResult.EntryResults(
                                List.of(
                                        new EntryResult.EntryAccepted(),
                                        new EntryResult.EntryRejected("MalformedDetail"),
                                        new EntryResult.EntryFailed("InternalFailure"),
                                        new EntryResult.EntryBlocked(
                                                "NotAuthorizedForSourceException"),
                                        new EntryResult.EntryAccepted(),
                                        new EntryResult.EntryThrottled())));
    }

    /// A retryable entry error must reach the relay as one: the event stays, is sent again and is
    /// neither parked nor counted as an attempt.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "InternalFailure",
                "ServiceUnavailable",
                "ThrottlingException",
                "AccessDeniedException",
                "SomethingNewException"
            })
    void anEntryErrorThatIsNotTheEventsOwnIsRetriedUntilTheBusAcceptsTheEvent(String code)
            throws InterruptedException {
        wire.answer =
                "{\"FailedEntryCount\":1,\"Entries\":[{\"ErrorCode\":\"%s\",\"ErrorMessage\":\"no\"}]}"
                        .formatted(code);
        try (var outbox = new OutboxFixture()) {
            outbox.store(UUID.randomUUID(), "OrderCreated");
            outbox.start(bus, OutboxFixture.settings(it -> it.maxAttempts = 1));
            // Each attempt checks the bus and then publishes.
            await().until(() -> wire.requestCount() >= 6);
            assertThat(outbox.rows("outbox")).isOne();
            assertThat(outbox.rows("outbox_parked")).isZero();
            wire.answer = "{\"FailedEntryCount\":0,\"Entries\":[{\"EventId\":\"1\"}]}";
            await().until(() -> outbox.rows("outbox") == 0);
            assertThat(outbox.rows("outbox_parked")).isZero();
            await().until(() -> outbox.rows("outbox_retry") == 0);
        }
    }

    @Test
    void aRejectedCallIsDistinguishedFromAFailureOfTheBusAndFromMissingAccess() {
        wire.status = 400;
        for (var code : List.of("ValidationException", "SerializationException")) {
            assertThat(answerTo(code))
                    .isEqualTo(new PublishResult.CallRejected(new EntryResult.EntryRejected(code)));
        }
        for (var code :
                List.of(
                        "ThrottlingException",
                        "RequestTimeout",
                        "ConcurrentModificationException")) {
            assertThat(answerTo(code)).isEqualTo(new PublishResult.TargetUnavailable(code));
        }
        for (var code :
                List.of(
                        "AccessDeniedException",
                        "ExpiredTokenException",
                        "UnrecognizedClientException",
                        "ResourceNotFoundException")) {
            assertThat(answerTo(code)).isEqualTo(new PublishResult.CallBlocked(code));
        }
        // One of the events may be to blame, so they are tried one by one, and none is given up.
        assertThat(answerTo("SomethingNewException"))
                .isEqualTo(
                        new PublishResult.CallRejected(
                                new EntryResult.EntryBlocked("SomethingNewException")));
        wire.status = 500;
        for (var code : List.of("InternalException", "InternalFailure", "SomethingNewException")) {
            assertThat(answerTo(code)).isEqualTo(new PublishResult.TargetUnavailable(code));
        }
        wire.status = 503;
        wire.answer = "";
        assertThat(bus.publish(List.of(event("a"))))
                .isInstanceOf(PublishResult.TargetUnavailable.class);
        wire.status = 413;
        assertThat(bus.publish(List.of(event("a")))).isInstanceOf(PublishResult.CallRejected.class);
    }

    private PublishResult answerTo(String code) {
        wire.answer = "{\"__type\":\"" + code + "\",\"message\":\"no\"}";
        return bus.publish(List.of(event("a")));
    }

    /// Every code that EventBridge documents for an entry, and one that it does not.
    @ParameterizedTest
    @CsvSource({
        "InternalFailure, EntryFailed",
        "InternalException, EntryFailed",
        "ServiceUnavailable, EntryFailed",
        "ServiceUnavailableException, EntryFailed",
        "RequestTimeout, EntryFailed",
        "ThrottlingException, EntryThrottled",
        "AccessDeniedException, EntryBlocked",
        "InvalidAccountIdException, EntryBlocked",
        "NotAuthorizedForSourceException, EntryBlocked",
        "NotAuthorizedForDetailTypeException, EntryBlocked",
        "InvalidArgument, EntryRejected",
        "MalformedDetail, EntryRejected",
        "RedactionFailure, EntryRejected",
        "SomethingNewException, EntryBlocked"
    })
    void theMeaningOfAnEntryErrorIsDecidedByItsCode(String code, String expected) {
        wire.answer =
                "{\"FailedEntryCount\":1,\"Entries\":[{\"ErrorCode\":\"%s\",\"ErrorMessage\":\"no\"}]}"
                        .formatted(code);
        assertThat(bus.publish(List.of(event("a"))))
                .isInstanceOfSatisfying(
                        PublishResult.EntryResults.class,
                        each ->
                                assertThat(each.results().getFirst().getClass().getSimpleName())
                                        .isEqualTo(expected));
    }

    @Test
    void theStateOfTheBusIsFoundByItsName() {
        wire.answer = "{\"Name\":\"orderflow\",\"Arn\":\"arn:aws:events:us-east-1:1:event-bus/x\"}";
        assertThat(bus.findState()).isEqualTo(new TargetState.TargetExists());
        assertThat(wire.lastTarget()).isEqualTo("AWSEvents.DescribeEventBus");
        assertThat(JsonMapper.shared().readTree(wire.lastRequestBody()).path("Name").asString())
                .isEqualTo("orderflow");
        wire.answerWithError(400, "ResourceNotFoundException");
        assertThat(bus.findState()).isEqualTo(new TargetState.TargetMissing());
        wire.answerWithError(400, "AccessDeniedException");
        assertThat(bus.findState())
                .isEqualTo(new TargetState.TargetUnknown("AccessDeniedException"));
        wire.close();
        assertThat(bus.findState()).isInstanceOf(TargetState.TargetUnknown.class);
    }

    @Test
    void aResponseWithFewerEntriesThanEventsProvesNothing() {
        wire.answer = "{\"FailedEntryCount\":0,\"Entries\":[{\"EventId\":\"1\"}]}";
        assertThat(bus.publish(List.of(event("a"), event("b"))))
                .isInstanceOf(PublishResult.TargetUnavailable.class);
    }

    @Test
    void aBusThatDoesNotRespondIsUnavailable() {
        wire.close();
        assertThat(bus.publish(List.of(event("a"))))
                .isInstanceOf(PublishResult.TargetUnavailable.class);
    }

    @Test
    void anEventAboveTheLimitIsRejectedWithoutACall() {
        var huge =
                OutboxEvent.of(
                        "OrderCreated",
                        "a",
                        EventPayload.json("\"" + "x".repeat(1_000_000) + "\""));
        assertThat(bus.publish(List.of(huge))).isInstanceOf(PublishResult.CallRejected.class);
        assertThat(wire.requestCount()).isZero();
    }

    @Test
    void theTraceContextBecomesTheTraceHeaderOfTheEntry() {
        wire.answer = "{\"FailedEntryCount\":0,\"Entries\":[{\"EventId\":\"1\"}]}";
        bus.publish(
                List.of(
                        event("a")
                                .withHeader(
                                        "traceparent",
                                        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")));
        assertThat(traceHeader())
                .isEqualTo(
                        "Root=1-4bf92f35-77b34da6a3ce929d0e0e4736;Parent=00f067aa0ba902b7;Sampled=1");
        bus.publish(List.of(event("a").withHeader("traceparent", "not a trace context")));
        assertThat(traceHeader()).isEmpty();
        bus.publish(List.of(event("a")));
        assertThat(traceHeader()).isEmpty();
    }

    private String traceHeader() {
        return JsonMapper.shared()
                .readTree(wire.lastRequestBody())
                .at("/Entries/0/TraceHeader")
                .asString("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "with blank", "arn:aws:sns:us-east-1:123456789012:topic"})
    void aBusThatIsNeitherNameNorArnIsRefused(String name) {
        assertThatThrownBy(() -> new EventBridgeTarget(client, name, "orderflow.orders"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static OutboxEvent event(String id) {
        return OutboxEvent.of("OrderCreated", id, EventPayload.json("{\"eventId\":\"" + id + "\"}"))
                .withId(id)
                .withOccurredAt(Instant.ofEpochSecond(1_780_000_000));
    }
}
