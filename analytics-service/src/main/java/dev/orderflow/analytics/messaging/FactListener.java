package dev.orderflow.analytics.messaging;

import dev.orderflow.defaults.delivery.Deliveries;
import io.awspring.cloud.sqs.annotation.SqsListener;
import java.util.List;
import org.springframework.messaging.Message;
import org.springframework.stereotype.Component;

/// Reads facts in batches.
@Component
class FactListener {

    private final Deliveries deliveries;
    private final FactIntake intake;

    FactListener(Deliveries deliveries, FactIntake intake) {
        this.deliveries = deliveries;
        this.intake = intake;
    }

    @SqsListener(queueNames = "${orderflow.analytics.queue}", acknowledgementMode = "MANUAL")
    void on(List<Message<String>> messages) {
        deliveries.settleBatch(messages, intake::handle);
    }
}
