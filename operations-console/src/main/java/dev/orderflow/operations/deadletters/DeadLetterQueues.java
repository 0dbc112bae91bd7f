package dev.orderflow.operations.deadletters;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// The queues, as SQS gives access to them.
@Component
class DeadLetterQueues {

    private static final Logger log = LoggerFactory.getLogger(DeadLetterQueues.class);
    private static final int BATCH = 10;

    /// What only tells how a message died. On its way back it would be a lie.
    private static final Set<String> ABOUT_ITS_DEATH =
            Set.of(
                    "reason",
                    "fingerprint",
                    "source-queue",
                    "source-message-id",
                    "RULE_ARN",
                    "TARGET_ARN",
                    "ERROR_CODE",
                    "ERROR_MESSAGE",
                    "RETRY_ATTEMPTS",
                    "EXHAUSTED_RETRY_CONDITION",
                    "redriven-by",
                    "redrive-id");

    private final SqsClient sqs;
    private final DeadLetterProperties properties;
    private final Map<String, String> urls = new ConcurrentHashMap<>();

    DeadLetterQueues(SqsClient sqs, DeadLetterProperties properties) {
        this.sqs = sqs;
        this.properties = properties;
    }

    /// About how many messages a queue holds.
    ///
    /// @param visible those that can be received now
    /// @param hidden those that somebody holds or that are delayed
    record QueueDepth(int visible, int hidden) {

        int all() {
            return visible + hidden;
        }
    }

    QueueDepth depth(String queue) {
        var attributes =
                sqs.getQueueAttributes(
                                get ->
                                        get.queueUrl(url(queue))
                                                .attributeNames(
                                                        QueueAttributeName
                                                                .APPROXIMATE_NUMBER_OF_MESSAGES,
                                                        QueueAttributeName
                                                                .APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                                                        QueueAttributeName
                                                                .APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED))
                        .attributes();
        int visible = count(attributes, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES);
        return new QueueDepth(
                visible,
                count(attributes, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE)
                        + count(
                                attributes,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED));
    }

    private static int count(Map<QueueAttributeName, String> attributes, QueueAttributeName name) {
        return Integer.parseInt(attributes.getOrDefault(name, "0"));
    }

    /// Takes hold of what a dead-letter queue has, until it is closed.
    ReceivedMessages received(String queue, Optional<ConsumerQueue> owner) {
        var received = new ReceivedMessages(queue);
        try {
            received.fill(owner);
            return received;
        } catch (RuntimeException failed) {
            received.close();
            throw failed;
        }
    }

    /// Puts a message on its consumer's queue again, as it was.
    ///
    /// @return its id there
    String sendBack(DeadLetter message, ConsumerQueue consumer, String operator, String redriveId) {
        var attributes = new LinkedHashMap<String, MessageAttributeValue>();
        message.message()
                .messageAttributes()
                .forEach(
                        (name, value) -> {
                            // SQS takes ten, and two are ours.
                            if (!ABOUT_ITS_DEATH.contains(name) && attributes.size() < BATCH - 2) {
                                attributes.put(name, value);
                            }
                        });
        attributes.put("redriven-by", text(operator));
        attributes.put("redrive-id", text(redriveId));
        return sqs.sendMessage(
                        send ->
                                send.queueUrl(url(properties.queueOf(consumer)))
                                        .messageBody(message.message().body())
                                        .messageAttributes(attributes))
                .messageId();
    }

    private static MessageAttributeValue text(String value) {
        return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
    }

    private String url(String queue) {
        return urls.computeIfAbsent(
                queue, name -> sqs.getQueueUrl(get -> get.queueName(name)).queueUrl());
    }

    /// Messages out of everybody else's sight. Closing gives back what is left.
    final class ReceivedMessages implements AutoCloseable {

        private final String queue;
        private final Map<String, DeadLetter> messages = new LinkedHashMap<>();
        private boolean complete;
        private Instant hiddenUntil = Instant.EPOCH;

        private ReceivedMessages(String queue) {
            this.queue = queue;
        }

        /// What is held, in the order it came.
        List<DeadLetter> messages() {
            return List.copyOf(messages.values());
        }

        /// Whether the queue had nothing more to give.
        boolean complete() {
            return complete;
        }

        private void fill(Optional<ConsumerQueue> owner) {
            hiddenUntil = Instant.now().plus(properties.hidden());
            var end = Instant.now().plus(properties.longest());
            while (messages.size() < properties.most() && Instant.now().isBefore(end)) {
                var received = receive(Math.min(BATCH, properties.most() - messages.size()));
                if (received.isEmpty()) {
                    complete = true;
                    return;
                }
                // A standard queue may give a message twice; the latest handle is the good one.
                received.forEach(
                        message -> messages.put(message.messageId(), message(message, owner)));
            }
        }

        private List<Message> receive(int count) {
            // A long poll asks every one of SQS's servers, so an empty answer means an empty queue.
            return sqs.receiveMessage(
                            receive ->
                                    receive.queueUrl(url(queue))
                                            .maxNumberOfMessages(count)
                                            .waitTimeSeconds(1)
                                            .visibilityTimeout(
                                                    (int) properties.hidden().toSeconds())
                                            .messageAttributeNames("All")
                                            .messageSystemAttributeNames(
                                                    MessageSystemAttributeName.ALL))
                    .messages();
        }

        private DeadLetter message(Message message, Optional<ConsumerQueue> owner) {
            var contents = RedactedContents.of(message.body());
            var attributes =
                    message.messageAttributes().entrySet().stream()
                            .filter(entry -> entry.getValue().stringValue() != null)
                            .collect(
                                    Collectors.toMap(
                                            Map.Entry::getKey,
                                            entry -> entry.getValue().stringValue()));
            return new DeadLetter(
                    message,
                    contents,
                    FailureCause.of(queue, attributes, contents),
                    owner.or(() -> target(attributes)),
                    at(message, MessageSystemAttributeName.SENT_TIMESTAMP),
                    at(message, MessageSystemAttributeName.APPROXIMATE_FIRST_RECEIVE_TIMESTAMP));
        }

        private Optional<ConsumerQueue> target(Map<String, String> attributes) {
            var arn = attributes.getOrDefault("TARGET_ARN", "");
            return arn.startsWith("arn:aws") && arn.contains(":sqs:")
                    ? properties.consumerOf(arn.substring(arn.lastIndexOf(':') + 1))
                    : Optional.empty();
        }

        private static Instant at(Message message, MessageSystemAttributeName name) {
            var millis = message.attributes().get(name);
            return millis == null ? Instant.EPOCH : Instant.ofEpochMilli(Long.parseLong(millis));
        }

        /// Gives back at once what is not needed further.
        void keepOnly(Set<String> ids) {
            giveBack(
                    messages.values().stream()
                            .filter(message -> !ids.contains(message.id()))
                            .toList());
            messages.keySet().retainAll(ids);
        }

        /// Renews the hold when half of its time is over, so that nobody else gets what is about
        /// to be moved.
        void renew() {
            if (Instant.now().plus(properties.hidden().dividedBy(2)).isAfter(hiddenUntil)) {
                hiddenUntil = Instant.now().plus(properties.hidden());
                hide(List.copyOf(messages.values()), properties.hidden());
            }
        }

        void delete(DeadLetter message) {
            sqs.deleteMessage(
                    delete ->
                            delete.queueUrl(url(queue))
                                    .receiptHandle(message.message().receiptHandle()));
            messages.remove(message.id());
        }

        @Override
        public void close() {
            giveBack(List.copyOf(messages.values()));
            messages.clear();
        }

        private void giveBack(List<DeadLetter> some) {
            try {
                hide(some, Duration.ZERO);
            } catch (SdkException stillHidden) {
                log.info(
                        "{} messages of {} could not be made visible; they become visible after their visibility time-out",
                        some.size(),
                        queue);
            }
        }

        private void hide(List<DeadLetter> some, Duration time) {
            for (int from = 0; from < some.size(); from += BATCH) {
                var entries = new ArrayList<ChangeMessageVisibilityBatchRequestEntry>();
                for (var message : some.subList(from, Math.min(some.size(), from + BATCH))) {
                    entries.add(
                            ChangeMessageVisibilityBatchRequestEntry.builder()
                                    .id(Integer.toString(entries.size()))
                                    .receiptHandle(message.message().receiptHandle())
                                    .visibilityTimeout((int) time.toSeconds())
                                    .build());
                }
                sqs.changeMessageVisibilityBatch(
                        change -> change.queueUrl(url(queue)).entries(entries));
            }
        }
    }
}
