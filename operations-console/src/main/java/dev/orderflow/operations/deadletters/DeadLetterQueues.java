package dev.orderflow.operations.deadletters;

import dev.orderflow.defaults.delivery.DeadLetterAttributes;
import dev.orderflow.defaults.delivery.ReceivedMessage;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.operations.redrive.RedriveSelection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// Reads dead-letter queues and sends their messages back.
@Component
class DeadLetterQueues {

    private static final Logger log = LoggerFactory.getLogger(DeadLetterQueues.class);
    private static final int BATCH = 10;
    private static final int MAX_ATTRIBUTES = 10;

    /// Four days, the default of SQS.
    private static final String DEFAULT_RETENTION = "345600";
    private static final int MAX_SCAN_THREADS = 8;

    /// Longer than [#MAX_SCAN_TIME], so that no scan reads a message twice.
    private static final Duration SCAN_VISIBILITY = Duration.ofMinutes(5);

    private static final Duration MAX_SCAN_TIME = Duration.ofMinutes(4);

    private static final String REDRIVEN_BY = "redriven-by";

    /// The attributes that say why a message was dead-lettered. They are removed when it is
    /// redriven.
    private static final Set<String> DEAD_LETTER_ATTRIBUTES =
            Set.of(
                    DeadLetterAttributes.REASON,
                    DeadLetterAttributes.FINGERPRINT,
                    DeadLetterAttributes.SOURCE_QUEUE,
                    DeadLetterAttributes.SOURCE_MESSAGE_ID,
                    "RULE_ARN",
                    "TARGET_ARN",
                    "ERROR_CODE",
                    "ERROR_MESSAGE",
                    "RETRY_ATTEMPTS",
                    "EXHAUSTED_RETRY_CONDITION",
                    REDRIVEN_BY,
                    ReceivedMessage.REDRIVE_ID_ATTRIBUTE);

    /// The attribute of an edited message that names the original.
    static final String EDITED_FROM = "edited-from";

    private final SqsClient sqs;
    private final DeadLetterProperties properties;
    private final Map<String, String> urls = new ConcurrentHashMap<>();
    private final Map<String, Duration> retentions = new ConcurrentHashMap<>();
    private final Set<String> scanning = ConcurrentHashMap.newKeySet();

    DeadLetterQueues(SqsClient sqs, DeadLetterProperties properties) {
        this.sqs = sqs;
        this.properties = properties;
    }

    /// The approximate number of messages of a queue.
    ///
    /// @param visible the messages that can be received now
    /// @param notVisible the messages that a receiver holds, and delayed ones
    record QueueDepth(int visible, int notVisible) {

        int total() {
            return visible + notVisible;
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

    /// How long a queue keeps a message from the time when it was first sent.
    Duration findRetention(String queue) {
        return retentions.computeIfAbsent(
                queue,
                name ->
                        Duration.ofSeconds(
                                Long.parseLong(
                                        sqs.getQueueAttributes(
                                                        get ->
                                                                get.queueUrl(url(name))
                                                                        .attributeNames(
                                                                                QueueAttributeName
                                                                                        .MESSAGE_RETENTION_PERIOD))
                                                .attributes()
                                                .getOrDefault(
                                                        QueueAttributeName.MESSAGE_RETENTION_PERIOD,
                                                        DEFAULT_RETENTION))));
    }

    /// Sends a message to a queue.
    ///
    /// @return its id
    String sendTo(String queue, String body, Map<String, String> texts) {
        var attributes = new LinkedHashMap<String, MessageAttributeValue>();
        texts.forEach((name, value) -> attributes.put(name, attribute(value)));
        return sqs.sendMessage(
                        send ->
                                send.queueUrl(url(queue))
                                        .messageBody(body)
                                        .messageAttributes(attributes))
                .messageId();
    }

    private static int count(Map<QueueAttributeName, String> attributes, QueueAttributeName name) {
        return Integer.parseInt(attributes.getOrDefault(name, "0"));
    }

    /// Receives the messages of a dead-letter queue, which are invisible to other receivers until
    /// the result is closed.
    ReceivedMessages receive(String queue) {
        awaitScanEnd(queue);
        var received = new ReceivedMessages(queue);
        try {
            received.fill();
            return received;
        } catch (RuntimeException failure) {
            received.close();
            throw failure;
        }
    }

    /// Reads a dead-letter queue until enough messages are selected, or its end. The others are
    /// visible again when this returns. A queue may have many more messages than one view reads,
    /// and the selected ones anywhere.
    ///
    /// @param isSelected which messages are kept
    /// @param enough how many are enough, at most [DeadLetterProperties#maxMessages]
    /// @param progress is called from time to time; it may throw to end reading
    ReceivedMessages receiveSelected(
            String queue, Predicate<DeadLetter> isSelected, int enough, Runnable progress) {
        return receiveSelected(queue, isSelected, enough, 0, MAX_SCAN_TIME, progress);
    }

    /// Finds a message in a dead-letter queue, of which the caller may hold some messages already.
    ///
    /// @param held what the caller holds, of this queue or another one
    /// @param progress is called from time to time; it may throw to end reading
    /// @return the first message that matches, or none; complete if the whole queue was read
    ReceivedMessages findBeside(
            ReceivedMessages held,
            String queue,
            Predicate<DeadLetter> isSelected,
            Runnable progress) {
        int heldHere = held.queue.equals(queue) ? held.messages.size() : 0;
        return receiveSelected(queue, isSelected, 1, heldHere, MAX_SCAN_TIME, progress);
    }

    /// Finds one message, which is visible again when this returns.
    ///
    /// @return empty when the queue does not hold it
    /// @throws Problem 503 when not all messages could be read, so it may be among the others
    Optional<DeadLetter> find(String queue, String messageId) {
        try (var received =
                receiveSelected(
                        queue,
                        message -> message.id().equals(messageId),
                        1,
                        0,
                        properties.maxReadTime(),
                        () -> {})) {
            var found = received.messages().stream().findFirst();
            if (found.isEmpty() && !received.isComplete()) {
                throw Problem.of(
                                HttpStatus.SERVICE_UNAVAILABLE,
                                "dead-letters-held",
                                "Not all dead letters can be read now")
                        .detail(
                                "%s has more messages than can be read in %d s, or another reader holds some, such as a running redrive. Nothing was done. Try again."
                                        .formatted(queue, properties.maxReadTime().toSeconds()));
            }
            return found;
        }
    }

    private ReceivedMessages receiveSelected(
            String queue,
            Predicate<DeadLetter> isSelected,
            int enough,
            int heldHere,
            Duration maxTime,
            Runnable progress) {
        awaitScanEnd(queue);
        var received = new ReceivedMessages(queue);
        try {
            received.fillSelected(
                    isSelected,
                    Math.min(enough, properties.maxMessages()),
                    heldHere,
                    maxTime,
                    progress);
            return received;
        } catch (RuntimeException failure) {
            received.close();
            throw failure;
        }
    }

    /// The result of [#scan].
    ///
    /// @param complete whether the end of the queue was reached
    record ScanResult(int messages, boolean complete) {}

    /// Reads a whole queue, whatever its size, and makes its messages visible again. Only receipt
    /// handles are kept in memory.
    ///
    /// @param expected about how many messages there are
    /// @param sink gets the messages in small groups, on several threads
    ScanResult scan(String queue, int expected, Consumer<List<DeadLetter>> sink) {
        scanning.add(queue);
        var receipts = new ConcurrentHashMap<String, String>();
        var end = Instant.now().plus(MAX_SCAN_TIME);
        var reader = new ReceivedMessages(queue);
        int threads = Math.clamp(expected / 200, 1, MAX_SCAN_THREADS);
        try {
            var complete =
                    runOnThreads(
                            threads,
                            () -> {
                                while (Instant.now().isBefore(end)) {
                                    var received = reader.receive(BATCH, SCAN_VISIBILITY);
                                    if (received.isEmpty()) {
                                        return true;
                                    }
                                    received.forEach(
                                            it -> receipts.put(it.messageId(), it.receiptHandle()));
                                    sink.accept(
                                            received.stream().map(reader::toDeadLetter).toList());
                                }
                                return false;
                            });
            return new ScanResult(receipts.size(), complete);
        } finally {
            release(queue, List.copyOf(receipts.values()), threads);
            scanning.remove(queue);
        }
    }

    /// @return whether all calls returned true
    private static boolean runOnThreads(int threads, Callable<Boolean> call) {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            boolean all = true;
            for (var each : executor.invokeAll(Collections.nCopies(threads, call))) {
                all &= each.get();
            }
            return all;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the scan was interrupted", interrupted);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(failure.getCause());
        }
    }

    private void release(String queue, List<String> receipts, int threads) {
        var next = new AtomicInteger();
        try {
            runOnThreads(
                    threads,
                    () -> {
                        for (int from = next.getAndAdd(BATCH);
                                from < receipts.size();
                                from = next.getAndAdd(BATCH)) {
                            changeVisibility(
                                    queue,
                                    receipts.subList(from, Math.min(receipts.size(), from + BATCH)),
                                    Duration.ZERO);
                        }
                        return true;
                    });
        } catch (RuntimeException _) {
            log.info(
                    "messages of {} could not be made visible after a scan; they become visible after {}",
                    queue,
                    SCAN_VISIBILITY);
        }
    }

    /// @param receipts ten at most
    private void changeVisibility(String queue, List<String> receipts, Duration time) {
        var entries = new ArrayList<ChangeMessageVisibilityBatchRequestEntry>();
        for (var receipt : receipts) {
            entries.add(
                    ChangeMessageVisibilityBatchRequestEntry.builder()
                            .id(Integer.toString(entries.size()))
                            .receiptHandle(receipt)
                            .visibilityTimeout((int) time.toSeconds())
                            .build());
        }
        sqs.changeMessageVisibilityBatch(change -> change.queueUrl(url(queue)).entries(entries));
    }

    /// A scan of this instance holds the messages for a moment.
    private void awaitScanEnd(String queue) {
        var end = Instant.now().plus(properties.maxReadTime());
        while (scanning.contains(queue) && Instant.now().isBefore(end)) {
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "interrupted while other receivers hold messages", interrupted);
        }
    }

    /// Sends a message to its consumer's queue with its original body.
    ///
    /// @return its new id
    String sendBack(DeadLetter message, ConsumerQueue consumer, String operator, String redriveId) {
        return send(
                message,
                message.message().body(),
                consumer,
                Map.of(REDRIVEN_BY, operator, ReceivedMessage.REDRIVE_ID_ATTRIBUTE, redriveId));
    }

    /// Sends a changed message to its consumer's queue. It names the original.
    ///
    /// @return its new id
    String sendEdited(
            DeadLetter original,
            String body,
            ConsumerQueue consumer,
            String operator,
            String redriveId) {
        return send(
                original,
                body,
                consumer,
                Map.of(
                        REDRIVEN_BY,
                        operator,
                        ReceivedMessage.REDRIVE_ID_ATTRIBUTE,
                        redriveId,
                        EDITED_FROM,
                        original.id()));
    }

    private String send(
            DeadLetter message, String body, ConsumerQueue consumer, Map<String, String> added) {
        var attributes = new LinkedHashMap<String, MessageAttributeValue>();
        added.forEach((name, value) -> attributes.put(name, attribute(value)));
        message.message()
                .messageAttributes()
                .forEach(
                        (name, value) -> {
                            // SQS permits ten attributes.
                            if (!DEAD_LETTER_ATTRIBUTES.contains(name)
                                    && attributes.size() < MAX_ATTRIBUTES) {
                                attributes.putIfAbsent(name, value);
                            }
                        });
        return sqs.sendMessage(
                        send ->
                                send.queueUrl(url(properties.queueOf(consumer)))
                                        .messageBody(body)
                                        .messageAttributes(attributes))
                .messageId();
    }

    private static MessageAttributeValue attribute(String value) {
        return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
    }

    private String url(String queue) {
        return urls.computeIfAbsent(
                queue, name -> sqs.getQueueUrl(get -> get.queueName(name)).queueUrl());
    }

    /// Received messages, invisible to other receivers. Closing makes those that were not deleted
    /// visible again.
    final class ReceivedMessages implements AutoCloseable {

        private final String queue;
        private final Optional<ConsumerQueue> consumer;
        private final Map<String, DeadLetter> messages = new LinkedHashMap<>();
        private boolean complete;
        private Instant invisibleUntil = Instant.EPOCH;

        private ReceivedMessages(String queue) {
            this.queue = queue;
            this.consumer = properties.deadLetterQueues().getOrDefault(queue, Optional.empty());
        }

        /// The messages in the sequence in which they were received.
        List<DeadLetter> messages() {
            return List.copyOf(messages.values());
        }

        /// The messages that an operator selected.
        List<DeadLetter> select(RedriveSelection selection) {
            return messages.values().stream()
                    .filter(message -> selection.includes(message.toSelectable()))
                    .toList();
        }

        /// Whether all messages of the queue were received, also those that other receivers held.
        boolean isComplete() {
            return complete;
        }

        private void fill() {
            invisibleUntil = Instant.now().plus(properties.visibilityTimeout());
            var end = Instant.now().plus(properties.maxReadTime());
            while (messages.size() < properties.maxMessages() && Instant.now().isBefore(end)) {
                var received =
                        receive(
                                Math.min(BATCH, properties.maxMessages() - messages.size()),
                                properties.visibilityTimeout());
                if (received.isEmpty()) {
                    complete = isAllHeldHere(messages.size());
                    return;
                }
                // A standard queue may deliver a message twice; only the latest receipt handle is
                // valid.
                received.forEach(
                        message -> messages.put(message.messageId(), toDeadLetter(message)));
            }
        }

        /// Messages that other receivers hold return within their visibility time-out, so they are
        /// waited for as long as there is time: a selected one may be among them.
        private void fillSelected(
                Predicate<DeadLetter> isSelected,
                int enough,
                int heldHere,
                Duration maxTime,
                Runnable progress) {
            invisibleUntil = Instant.now().plus(SCAN_VISIBILITY);
            var end = Instant.now().plus(maxTime);
            var others = new LinkedHashMap<String, String>();
            try {
                while (messages.size() < enough && Instant.now().isBefore(end)) {
                    var received = receive(BATCH, SCAN_VISIBILITY);
                    for (var message : received) {
                        var letter = toDeadLetter(message);
                        if (isSelected.test(letter)) {
                            messages.put(letter.id(), letter);
                        } else {
                            others.put(letter.id(), message.receiptHandle());
                        }
                    }
                    progress.run();
                    if (received.isEmpty()) {
                        if (isAllHeldHere(messages.size() + others.size() + heldHere)) {
                            complete = true;
                            return;
                        }
                        pause();
                    }
                }
            } finally {
                DeadLetterQueues.this.release(queue, List.copyOf(others.values()), 1);
            }
        }

        /// After an empty response, whether the queue has no message but those that are held here.
        /// Others may be held elsewhere, or visible again since. SQS counts messages approximately:
        /// a count that is late delays the end, for a minute at most.
        private boolean isAllHeldHere(int held) {
            return depth(queue).total() <= held;
        }

        private List<Message> receive(int count, Duration visibility) {
            // A long poll queries all of SQS's servers, so an empty response means that no message
            // is visible. Other receivers may hold some.
            return sqs.receiveMessage(
                            receive ->
                                    receive.queueUrl(url(queue))
                                            .maxNumberOfMessages(count)
                                            .waitTimeSeconds(
                                                    (int) properties.waitTime().toSeconds())
                                            .visibilityTimeout((int) visibility.toSeconds())
                                            .messageAttributeNames("All")
                                            .messageSystemAttributeNames(
                                                    MessageSystemAttributeName.ALL))
                    .messages();
        }

        private DeadLetter toDeadLetter(Message message) {
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
                    consumer.or(() -> findTarget(attributes)),
                    timestamp(message, MessageSystemAttributeName.SENT_TIMESTAMP),
                    timestamp(
                            message,
                            MessageSystemAttributeName.APPROXIMATE_FIRST_RECEIVE_TIMESTAMP));
        }

        private Optional<ConsumerQueue> findTarget(Map<String, String> attributes) {
            var arn = attributes.getOrDefault("TARGET_ARN", "");
            return arn.startsWith("arn:aws") && arn.contains(":sqs:")
                    ? properties.consumerOf(arn.substring(arn.lastIndexOf(':') + 1))
                    : Optional.empty();
        }

        private static Instant timestamp(Message message, MessageSystemAttributeName name) {
            var millis = message.attributes().get(name);
            return millis == null ? Instant.EPOCH : Instant.ofEpochMilli(Long.parseLong(millis));
        }

        /// Renews the visibility time-out when half of it is over, so that no other receiver gets a
        /// message that is about to be moved.
        void renewVisibility() {
            if (Instant.now()
                    .plus(properties.visibilityTimeout().dividedBy(2))
                    .isAfter(invisibleUntil)) {
                invisibleUntil = Instant.now().plus(properties.visibilityTimeout());
                changeVisibility(List.copyOf(messages.values()), properties.visibilityTimeout());
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
            release(List.copyOf(messages.values()));
            messages.clear();
        }

        private void release(List<DeadLetter> released) {
            try {
                changeVisibility(released, Duration.ZERO);
            } catch (SdkException _) {
                log.info(
                        "{} messages of {} could not be made visible; they become visible after their visibility time-out",
                        released.size(),
                        queue);
            }
        }

        private void changeVisibility(List<DeadLetter> changed, Duration time) {
            for (int from = 0; from < changed.size(); from += BATCH) {
                DeadLetterQueues.this.changeVisibility(
                        queue,
                        changed.subList(from, Math.min(changed.size(), from + BATCH)).stream()
                                .map(message -> message.message().receiptHandle())
                                .toList(),
                        time);
            }
        }
    }
}
