package dev.orderflow.defaults.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

class BodyOnlyMessageConverterTest {

    private final BodyOnlyMessageConverter converter = new BodyOnlyMessageConverter();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id",
                "timestamp",
                "contentType",
                "JavaType",
                "lookupDestination",
                "Sqs_QueueUrl",
                "Sqs_ReceiptHandle",
                "Sqs_VisibilityTimeout",
                "Sqs_RawMessageId",
                "Sqs_Msa_ApproximateReceiveCount",
                "AcknowledgementCallback"
            })
    void noAttributeBecomesAHeader(String name) {
        var id = UUID.randomUUID();
        var message =
                converter.toMessagingMessage(
                        Message.builder()
                                .messageId(id.toString())
                                .receiptHandle("receipt")
                                .body("body")
                                .messageAttributes(
                                        Map.of(
                                                name,
                                                MessageAttributeValue.builder()
                                                        .dataType("Number.com.example.Gone")
                                                        .stringValue("forged")
                                                        .build()))
                                .build(),
                        null);
        assertThat(message.getPayload()).isEqualTo("body");
        assertThat(message.getHeaders().getId()).isEqualTo(id);
        assertThat(message.getHeaders().values()).doesNotContain("forged");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "message-1", "019a7f3e"})
    void anIdNeedNotBeAUuid(String id) {
        var message =
                converter.toMessagingMessage(
                        Message.builder().messageId(id).body("body").build(), null);
        assertThat(message.getHeaders()).containsEntry("Sqs_RawMessageId", id);
        assertThat(message.getHeaders().getId()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\u0000", "{"})
    void anyBodyIsPassedToTheHandler(String body) {
        assertThat(
                        converter
                                .toMessagingMessage(
                                        Message.builder().messageId("1").body(body).build(), null)
                                .getPayload())
                .isEqualTo(body);
    }
}
