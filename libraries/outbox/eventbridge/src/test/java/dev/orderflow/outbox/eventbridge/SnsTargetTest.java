package dev.orderflow.outbox.eventbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.contracts.fixture.AwsHttpStub;
import dev.orderflow.outbox.EventPayload;
import dev.orderflow.outbox.OutboxEvent;
import dev.orderflow.outbox.OutboxTarget.EntryResult;
import dev.orderflow.outbox.OutboxTarget.PublishResult;
import dev.orderflow.outbox.OutboxTarget.TargetState;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sns.SnsClient;

/// Uses the SDK with a stub that returns the HTTP responses of SNS.
class SnsTargetTest {

    private static final String TOPIC = "arn:aws:sns:us-east-1:000000000000:orders";

    private final AwsHttpStub wire = new AwsHttpStub();
    private final SnsClient client = wire.client(SnsClient.builder());
    private final SnsTarget topic = new SnsTarget(client, TOPIC);
    private final SnsTarget fifo = new SnsTarget(client, TOPIC + ".fifo");

    @AfterEach
    void stop() {
        client.close();
        wire.close();
    }

    @Test
    void eachMessageHasTheResultOfItsOwnEntry() {
        wire.answer =
                """
                <PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult>
                <Failed>
                <member><Id>1</Id><Code>InternalError</Code><SenderFault>false</SenderFault></member>
                <member><Id>2</Id><Code>InvalidParameter</Code><SenderFault>true</SenderFault></member>
                </Failed>
                <Successful><member><Id>0</Id><MessageId>m</MessageId></member></Successful>
                </PublishBatchResult></PublishBatchResponse>""";
        assertThat(topic.publish(List.of(event("a"), event("b"), event("c"))))
                .isEqualTo(
                        new PublishResult.EntryResults(
                                List.of(
                                        new EntryResult.EntryAccepted(),
                                        new EntryResult.EntryFailed("InternalError"),
                                        new EntryResult.EntryRejected("InvalidParameter"))));
        assertThat(sent())
                .contains("Action=PublishBatch", "Message={\"n\":1}", "TopicArn=" + TOPIC)
                .doesNotContain("MessageGroupId");
    }

    @Test
    void ofAFifoTopicTheKeyIsTheGroupAndTheEventIdTheDeduplicationId() {
        fifo.publish(List.of(event("a")));
        assertThat(sent()).contains("MessageGroupId=order-1", "MessageDeduplicationId=a");
    }

    @Test
    void aMissingTopicIsReported() {
        wire.status = 404;
        wire.answer =
                """
                <ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type>
                <Code>NotFound</Code><Message>Topic does not exist</Message></Error></ErrorResponse>""";
        assertThat(topic.findState()).isEqualTo(new TargetState.TargetMissing());
        assertThat(topic.publish(List.of(event("a"))))
                .isEqualTo(new PublishResult.CallBlocked("NotFound"));
    }

    @Test
    void aTopicOfAnotherRegionIsMissingAndNotTheFaultOfAnEvent() {
        wire.status = 400;
        wire.answer =
                """
                <ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type>
                <Code>InvalidParameter</Code><Message>Invalid parameter: TopicArn</Message></Error></ErrorResponse>""";
        assertThat(topic.findState()).isEqualTo(new TargetState.TargetMissing());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "orders",
                "arn:aws:sqs:us-east-1:000000000000:orders",
                "arn:aws:sns:us-east-1:1:orders",
                "arn:aws:sns:us-east-1:000000000000:orders.fifo.fifo",
                "arn:aws:sns:us-east-1:000000000000:orders:subscription"
            })
    void whatIsNotTheArnOfATopicIsRefused(String arn) {
        assertThatThrownBy(() -> new SnsTarget(client, arn))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(arn);
    }

    private String sent() {
        return URLDecoder.decode(wire.lastRequestBody(), StandardCharsets.UTF_8);
    }

    private static OutboxEvent event(String id) {
        return OutboxEvent.of("OrderCreated", "order-1", EventPayload.json("{\"n\":1}")).withId(id);
    }
}
