package dev.orderflow.analytics.lambda;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.orderflow.defaults.fixture.SqsFixture;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import tools.jackson.databind.json.JsonMapper;

/// Simulates Lambda's event source mapping: receives a batch, invokes the function with it, and
/// deletes the messages that the function does not report as failed
/// (docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html).
final class LambdaInvoker {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final String queue;
    private final String queueUrl;

    LambdaInvoker(String queue, String queueUrl) {
        this.queue = queue;
        this.queueUrl = queueUrl;
    }

    /// Invokes the function with the visible messages, up to ten.
    ///
    /// @return the bodies of the messages that are delivered again
    List<String> invoke(RequestStreamHandler function) {
        var received =
                SqsFixture.client()
                        .receiveMessage(
                                receive ->
                                        receive.queueUrl(queueUrl)
                                                .maxNumberOfMessages(10)
                                                .messageSystemAttributeNames(
                                                        MessageSystemAttributeName.ALL))
                        .messages();
        var failures = answer(function, event(received)).path("batchItemFailures");
        var failed = new ArrayList<String>();
        failures.forEach(failure -> failed.add(failure.path("itemIdentifier").asString()));
        var bodies = new ArrayList<String>();
        for (var message : received) {
            if (failed.contains(message.messageId())) {
                bodies.add(message.body());
            } else {
                SqsFixture.client()
                        .deleteMessage(
                                delete ->
                                        delete.queueUrl(queueUrl)
                                                .receiptHandle(message.receiptHandle()));
            }
        }
        return bodies;
    }

    static tools.jackson.databind.JsonNode answer(RequestStreamHandler function, String event) {
        var out = new ByteArrayOutputStream();
        try {
            function.handleRequest(
                    new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)),
                    out,
                    new UnsupportedContext());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return JSON.readTree(out.toByteArray());
    }

    /// The event format of docs.aws.amazon.com/lambda/latest/dg/with-sqs.html.
    private String event(List<Message> messages) {
        var event = JSON.createObjectNode();
        var records = event.putArray("Records");
        for (var message : messages) {
            var record = records.addObject();
            record.put("messageId", message.messageId())
                    .put("receiptHandle", message.receiptHandle())
                    .put("body", message.body());
            var attributes = record.putObject("attributes");
            message.attributesAsStrings().forEach(attributes::put);
            record.putObject("messageAttributes");
            record.put("md5OfBody", message.md5OfBody())
                    .put("eventSource", "aws:sqs")
                    .put("eventSourceARN", "arn:aws:sqs:us-east-1:000000000000:" + queue)
                    .put("awsRegion", "us-east-1");
        }
        return event.toString();
    }
}
