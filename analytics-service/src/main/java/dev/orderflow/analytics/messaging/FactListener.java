package dev.orderflow.analytics.messaging;

import dev.orderflow.defaults.delivery.SqsMessageHandler;
import io.awspring.cloud.sqs.annotation.SqsListener;
import java.util.List;
import org.springframework.messaging.Message;
import org.springframework.stereotype.Component;

/// Receives facts in batches.
@Component
class FactListener {

    private final SqsMessageHandler messageHandler;
    private final FactIngestion ingestion;

    FactListener(SqsMessageHandler messageHandler, FactIngestion ingestion) {
        this.messageHandler = messageHandler;
        this.ingestion = ingestion;
    }

    @SqsListener(
            queueNames = "${orderflow.analytics.queues.analytics}",
            acknowledgementMode = "MANUAL")
    void onMessages(List<Message<String>> messages) {
        messageHandler.handleBatch(messages, ingestion::handle);
    }
}
