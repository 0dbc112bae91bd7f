package dev.orderflow.analytics.messaging;

import dev.orderflow.defaults.delivery.SqsMessageHandler;
import io.awspring.cloud.sqs.annotation.SqsListener;
import java.util.List;
import org.springframework.messaging.Message;
import org.springframework.stereotype.Component;

/// Reads facts in batches.
@Component
class FactListener {

    private final SqsMessageHandler deliveries;
    private final FactIntake intake;

    FactListener(SqsMessageHandler deliveries, FactIntake intake) {
        this.deliveries = deliveries;
        this.intake = intake;
    }

    @SqsListener(queueNames = "${orderflow.analytics.queue}", acknowledgementMode = "MANUAL")
    void on(List<Message<String>> messages) {
        deliveries.handleBatch(messages, intake::handle);
    }
}
