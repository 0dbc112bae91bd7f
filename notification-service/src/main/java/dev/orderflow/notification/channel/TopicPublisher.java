package dev.orderflow.notification.channel;

import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.OrderCancellationRequested;
import dev.orderflow.contracts.OrderCancelled;
import dev.orderflow.contracts.OrderConfirmed;
import dev.orderflow.contracts.OrderCreated;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.OrderRejected;
import dev.orderflow.contracts.OrderShipped;
import dev.orderflow.defaults.problem.FailureDescription;
import dev.orderflow.notification.NotificationProperties;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;
import software.amazon.awssdk.services.sns.model.InvalidParameterValueException;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;

/// Publishes order events to the SNS topic, whose subscribers filter them by message attributes.
@Component
public class TopicPublisher {

    private static final Logger log = LoggerFactory.getLogger(TopicPublisher.class);

    private final SnsClient sns;
    private final String topicArn;
    private final Duration timeout;

    TopicPublisher(SnsClient sns, NotificationProperties properties) {
        this.sns = sns;
        this.topicArn = properties.topicArn();
        this.timeout = properties.timeouts().topic();
    }

    /// Publishes the JSON of an event, with the message attributes `eventType`, `eventId`,
    /// `orderId`, `customerRef` and, if the event has one, `reason`. Never throws. Subscribers
    /// recognise a repetition by the event id, so a missing response counts as not sent.
    SendResult publish(OrderEvent event) {
        try {
            sns.publish(
                    message ->
                            message.topicArn(topicArn)
                                    .overrideConfiguration(
                                            override -> override.apiCallTimeout(timeout))
                                    .message(MessageCodec.write(event))
                                    .messageAttributes(attributes(event)));
            return SendResult.SENT;
        } catch (InvalidParameterException | InvalidParameterValueException refused) {
            if (String.valueOf(refused.getMessage()).contains("TopicArn")) {
                log.error(
                        "event {}: SNS rejects the ARN of the topic; it will be retried",
                        event.eventId());
                return SendResult.NOT_SENT;
            }
            log.warn(
                    "event {}: SNS refused the message: {}",
                    event.eventId(),
                    FailureDescription.of(refused));
            return SendResult.REJECTED;
        } catch (SdkException failed) {
            log.warn(
                    "event {}: SNS Publish failed ({}); it will be retried",
                    event.eventId(),
                    FailureDescription.of(failed, timeout));
            return SendResult.NOT_SENT;
        }
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
            case OrderConfirmed _,
                    OrderShipped _,
                    OrderCreated _,
                    OrderCancellationRequested _ -> {}
        }
        return attributes;
    }

    private static MessageAttributeValue text(String value) {
        return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
    }
}
