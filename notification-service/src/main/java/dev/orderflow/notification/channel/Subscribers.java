package dev.orderflow.notification.channel;

import dev.orderflow.contracts.Messages;
import dev.orderflow.contracts.OrderCancelled;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.OrderRejected;
import dev.orderflow.notification.NotificationProperties;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;

/// Subscribers nobody has met yet, who pick by attributes what they want to hear.
@Component
public class Subscribers {

    private final SnsClient sns;
    private final String topicArn;

    Subscribers(SnsClient sns, NotificationProperties properties) {
        this.sns = sns;
        this.topicArn = properties.topicArn();
    }

    /// Tells them of an event: its JSON, with `eventType`, `eventId`, `orderId`, `customerRef` and,
    /// when there is one, `reason` as attributes to filter by.
    ///
    /// @throws software.amazon.awssdk.core.exception.SdkException when SNS does not take it
    public void tell(OrderEvent event) {
        sns.publish(
                message ->
                        message.topicArn(topicArn)
                                .message(Messages.write(event))
                                .messageAttributes(attributes(event)));
    }

    private static Map<String, MessageAttributeValue> attributes(OrderEvent event) {
        var attributes = new HashMap<String, MessageAttributeValue>();
        attributes.put("eventType", text(event.type()));
        attributes.put("eventId", text(event.eventId()));
        attributes.put("orderId", text(event.orderId().toString()));
        attributes.put("customerRef", text(event.customerRef()));
        switch (event) {
            case OrderRejected rejected -> attributes.put("reason", text(rejected.reason().name()));
            case OrderCancelled cancelled ->
                    attributes.put("reason", text(cancelled.reason().name()));
            default -> {}
        }
        return attributes;
    }

    private static MessageAttributeValue text(String value) {
        return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
    }
}
