package dev.orderflow.defaults.delivery;

import java.util.function.Supplier;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/// The calls of SQS that [DeadLetterSender] needs, with either client of the SDK.
interface SqsCalls {

    void send(SendMessageRequest message);

    GetQueueAttributesResponse attributes(GetQueueAttributesRequest queue);

    GetQueueUrlResponse url(GetQueueUrlRequest queue);

    static SqsCalls using(SqsAsyncClient sqs) {
        return new SqsCalls() {
            @Override
            public void send(SendMessageRequest message) {
                sqs.sendMessage(message).join();
            }

            @Override
            public GetQueueAttributesResponse attributes(GetQueueAttributesRequest queue) {
                return sqs.getQueueAttributes(queue).join();
            }

            @Override
            public GetQueueUrlResponse url(GetQueueUrlRequest queue) {
                return sqs.getQueueUrl(queue).join();
            }
        };
    }

    /// @param sqs called when there is something to send
    static SqsCalls using(Supplier<SqsClient> sqs) {
        return new SqsCalls() {
            @Override
            public void send(SendMessageRequest message) {
                sqs.get().sendMessage(message);
            }

            @Override
            public GetQueueAttributesResponse attributes(GetQueueAttributesRequest queue) {
                return sqs.get().getQueueAttributes(queue);
            }

            @Override
            public GetQueueUrlResponse url(GetQueueUrlRequest queue) {
                return sqs.get().getQueueUrl(queue);
            }
        };
    }
}
