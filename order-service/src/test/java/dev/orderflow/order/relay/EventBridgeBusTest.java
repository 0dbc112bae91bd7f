package dev.orderflow.order.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.order.AwsHttpStub;
import dev.orderflow.order.relay.EventBus.Answer;
import dev.orderflow.order.relay.EventBus.Existence;
import dev.orderflow.order.relay.EventBus.Verdict;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Through the SDK, against what EventBridge answers on the wire.
class EventBridgeBusTest {

    private final AwsHttpStub wire = new AwsHttpStub();
    private final EventBridgeClient client = wire.client(EventBridgeClient.builder());
    private final EventBridgeBus bus = new EventBridgeBus(client, "orderflow");

    @AfterEach
    void stop() {
        client.close();
        wire.close();
    }

    @Test
    void eachEventIsSentToTheBusAsItIs() {
        wire.answer =
                "{\"FailedEntryCount\":0,\"Entries\":[{\"EventId\":\"1\"},{\"EventId\":\"2\"}]}";
        assertThat(bus.publish(List.of(event("a"), event("b"))))
                .isEqualTo(
                        new Answer.Each(List.of(new Verdict.Accepted(), new Verdict.Accepted())));
        assertThat(wire.lastTarget()).isEqualTo("AWSEvents.PutEvents");
        JsonNode first = JsonMapper.shared().readTree(wire.lastRequestBody()).at("/Entries/0");
        assertThat(first.path("EventBusName").asString()).isEqualTo("orderflow");
        assertThat(first.path("Source").asString()).isEqualTo("orderflow.orders");
        assertThat(first.path("DetailType").asString()).isEqualTo("OrderCreated");
        assertThat(first.path("Detail").asString()).isEqualTo("{\"eventId\":\"a\"}");
        assertThat(first.path("Time").asDouble()).isEqualTo(1_780_000_000.0);
    }

    @Test
    void eachEntryIsJudgedOnItsOwn() {
        wire.answer =
                """
                {"FailedEntryCount":2,"Entries":[
                    {"EventId":"1"},
                    {"ErrorCode":"MalformedDetail","ErrorMessage":"Detail is malformed."},
                    {"ErrorCode":"ThrottlingException","ErrorMessage":"Rate exceeded"}]}""";
        assertThat(bus.publish(List.of(event("a"), event("b"), event("c"))))
                .isEqualTo(
                        new Answer.Each(
                                List.of(
                                        new Verdict.Accepted(),
                                        new Verdict.Refused("MalformedDetail"),
                                        new Verdict.TooBusy())));
    }

    @Test
    void aCallRefusedForItsContentIsToldApartFromABusThatFailsAndOneThatIsClosedToUs() {
        wire.status = 400;
        for (var code : List.of("ValidationException", "SerializationException")) {
            assertThat(answerTo(code)).isEqualTo(new Answer.CallRefused(new Verdict.Refused(code)));
        }
        for (var code :
                List.of(
                        "ThrottlingException",
                        "RequestTimeout",
                        "ConcurrentModificationException")) {
            assertThat(answerTo(code)).isEqualTo(new Answer.Unavailable(code));
        }
        for (var code :
                List.of(
                        "AccessDeniedException",
                        "ExpiredTokenException",
                        "UnrecognizedClientException",
                        "ResourceNotFoundException")) {
            assertThat(answerTo(code)).isEqualTo(new Answer.Blocked(code));
        }
        // One of the events may be to blame, so they are tried one by one, and none is given up.
        assertThat(answerTo("SomethingNewException"))
                .isEqualTo(new Answer.CallRefused(new Verdict.Blocked("SomethingNewException")));
        wire.status = 500;
        for (var code : List.of("InternalException", "InternalFailure", "SomethingNewException")) {
            assertThat(answerTo(code)).isEqualTo(new Answer.Unavailable(code));
        }
        wire.status = 503;
        wire.answer = "";
        assertThat(bus.publish(List.of(event("a")))).isInstanceOf(Answer.Unavailable.class);
        wire.status = 413;
        assertThat(bus.publish(List.of(event("a")))).isInstanceOf(Answer.CallRefused.class);
    }

    private Answer answerTo(String code) {
        wire.answer = "{\"__type\":\"" + code + "\",\"message\":\"no\"}";
        return bus.publish(List.of(event("a")));
    }

    /// Every code that EventBridge documents for an entry, and one that it does not.
    @ParameterizedTest
    @CsvSource({
        "InternalFailure, Failed",
        "InternalException, Failed",
        "ServiceUnavailable, Failed",
        "ServiceUnavailableException, Failed",
        "RequestTimeout, Failed",
        "ThrottlingException, TooBusy",
        "AccessDeniedException, Blocked",
        "InvalidAccountIdException, Blocked",
        "NotAuthorizedForSourceException, Blocked",
        "NotAuthorizedForDetailTypeException, Blocked",
        "InvalidArgument, Refused",
        "MalformedDetail, Refused",
        "RedactionFailure, Refused",
        "SomethingNewException, Blocked"
    })
    void whatAnEntrysErrorMeansIsDecidedByItsCode(String code, String verdict) {
        wire.answer =
                "{\"FailedEntryCount\":1,\"Entries\":[{\"ErrorCode\":\"%s\",\"ErrorMessage\":\"no\"}]}"
                        .formatted(code);
        assertThat(bus.publish(List.of(event("a"))))
                .isInstanceOfSatisfying(
                        Answer.Each.class,
                        each ->
                                assertThat(each.each().getFirst().getClass().getSimpleName())
                                        .isEqualTo(verdict));
    }

    @Test
    void whetherTheBusExistsIsAskedByItsName() {
        wire.answer = "{\"Name\":\"orderflow\",\"Arn\":\"arn:aws:events:us-east-1:1:event-bus/x\"}";
        assertThat(bus.findBus()).isEqualTo(new Existence.Exists());
        assertThat(wire.lastTarget()).isEqualTo("AWSEvents.DescribeEventBus");
        assertThat(JsonMapper.shared().readTree(wire.lastRequestBody()).path("Name").asString())
                .isEqualTo("orderflow");
        wire.answerWithError(400, "ResourceNotFoundException");
        assertThat(bus.findBus()).isEqualTo(new Existence.Missing());
        wire.answerWithError(400, "AccessDeniedException");
        assertThat(bus.findBus()).isEqualTo(new Existence.Unknown("AccessDeniedException"));
        wire.close();
        assertThat(bus.findBus()).isInstanceOf(Existence.Unknown.class);
    }

    @Test
    void anAnswerThatLeavesEventsOutProvesNothing() {
        wire.answer = "{\"FailedEntryCount\":0,\"Entries\":[{\"EventId\":\"1\"}]}";
        assertThat(bus.publish(List.of(event("a"), event("b"))))
                .isInstanceOf(Answer.Unavailable.class);
    }

    @Test
    void aBusThatDoesNotAnswerIsAway() {
        wire.close();
        assertThat(bus.publish(List.of(event("a")))).isInstanceOf(Answer.Unavailable.class);
    }

    @Test
    void anEventAboveTheLimitIsRefusedWithoutACall() {
        var huge =
                new OutgoingEvent(
                        "a", "OrderCreated", Instant.EPOCH, "\"" + "x".repeat(1_000_000) + "\"");
        assertThat(bus.publish(List.of(huge))).isInstanceOf(Answer.CallRefused.class);
        assertThat(wire.requestCount()).isZero();
    }

    private static OutgoingEvent event(String id) {
        return new OutgoingEvent(
                id,
                "OrderCreated",
                Instant.ofEpochSecond(1_780_000_000),
                "{\"eventId\":\"" + id + "\"}");
    }
}
