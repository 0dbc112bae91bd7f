package dev.orderflow.defaults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.defaults.fixture.PostgresFixture;
import dev.orderflow.defaults.fixture.SqsFixture;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.ContextConfiguration;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/// Senders choose the attributes of a message; no attribute affects how it is handled.
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = "spring.config.name=defaults-test")
@ContextConfiguration(initializers = {PostgresFixture.class, SqsFixture.class})
@ExtendWith(OutputCaptureExtension.class)
class ForeignAttributesTest {

    private static final String PLANTED = "planted-in-a-body";

    private static volatile boolean baitIsTaken;

    private final TestService.TestListeners listeners;
    private final SqsClient sqs;

    @Autowired
    ForeignAttributesTest(
            TestService.TestListeners listeners,
            @Value("${spring.cloud.aws.endpoint}") String endpoint) {
        this.listeners = listeners;
        // The queue and the client do not agree on the checksum of attributes of custom types.
        this.sqs =
                SqsClient.builder()
                        .endpointOverride(URI.create(endpoint))
                        .region(Region.US_EAST_1)
                        .credentialsProvider(AnonymousCredentialsProvider.create())
                        .checksumValidationEnabled(false)
                        .build();
    }

    @AfterEach
    void close() {
        sqs.close();
    }

    @BeforeAll
    static void queues() {
        SqsFixture.createQueue("single", 3);
        SqsFixture.createQueue("batch", 3);
    }

    private static Stream<Map<String, MessageAttributeValue>> hostileAttributes() {
        var attributes = new ArrayList<Map<String, MessageAttributeValue>>();
        for (var name :
                List.of(
                        "contentType",
                        "JavaType",
                        "id",
                        "timestamp",
                        "errorChannel",
                        "replyChannel",
                        "lookupDestination",
                        "traceparent",
                        "Sqs_QueueUrl",
                        "Sqs_ReceiptHandle",
                        "Sqs_VisibilityTimeout",
                        "Sqs_Msa_ApproximateReceiveCount",
                        "AcknowledgementCallback")) {
            for (var value :
                    List.of("][", "java.lang.Runtime", "application/json", "0", "\u00e9")) {
                attributes.add(Map.of(name, text("String", value)));
                attributes.add(Map.of(name, text("String.custom", value)));
            }
            attributes.add(Map.of(name, binary("Binary")));
            attributes.add(Map.of(name, binary("Binary.png")));
            attributes.add(Map.of(name, text("Number", "1")));
        }
        for (var type :
                List.of(
                        "Number.com.example.Gone",
                        "Number.java.lang.Runtime",
                        "Number.java.math.BigDecimal",
                        "Number.int",
                        "Number.",
                        "Number.java.util.concurrent.atomic.AtomicLong",
                        "Number.dev.orderflow.defaults.ForeignAttributesTest$Bait")) {
            attributes.add(Map.of("n", text(type, "7")));
        }
        return attributes.stream();
    }

    @Test
    void messagesWithForeignAttributesAreHandledAndTheAttributesAreNotLogged(
            CapturedOutput output) {
        for (var queue : List.of("single", "batch")) {
            var bodies = new ArrayList<String>();
            var batch = new ArrayList<SendMessageBatchRequestEntry>();
            hostileAttributes()
                    .forEach(
                            attributes -> {
                                var body = PLANTED + " " + queue + " " + bodies.size();
                                bodies.add(body);
                                batch.add(
                                        SendMessageBatchRequestEntry.builder()
                                                .id("m" + bodies.size())
                                                .messageBody(body)
                                                .messageAttributes(attributes)
                                                .build());
                            });
            send(queue, batch);
            await().untilAsserted(
                            () ->
                                    assertThat(listeners.handled)
                                            .containsAll(
                                                    bodies.stream()
                                                            .map(body -> body + "#1")
                                                            .toList()));
            await().until(() -> SqsFixture.depth(queue) == 0);
            assertThat(SqsFixture.depth(queue + "-dlq")).isZero();
        }
        assertThat(output).doesNotContain(PLANTED);
        assertThat(baitIsTaken).isFalse();
    }

    private void send(String queue, List<SendMessageBatchRequestEntry> entries) {
        var url = SqsFixture.createQueue(queue, 3);
        entries.stream()
                .gather(Gatherers.windowFixed(10))
                .map(ten -> sqs.sendMessageBatch(send -> send.queueUrl(url).entries(ten)))
                .forEach(answer -> assertThat(answer.failed()).isEmpty());
    }

    private static MessageAttributeValue text(String type, String value) {
        return MessageAttributeValue.builder().dataType(type).stringValue(value).build();
    }

    private static MessageAttributeValue binary(String type) {
        return MessageAttributeValue.builder()
                .dataType(type)
                .binaryValue(SdkBytes.fromByteArray(new byte[] {0, -1, 7}))
                .build();
    }

    /// A class that a sender names.
    static final class DeserializationTrap {

        static {
            baitIsTaken = true;
        }
    }
}
