package dev.orderflow.operations.deadletters;

import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The dead-letter queues, and how they are read.
///
/// @param queues the name of each consumer's queue; its dead-letter queue is called `<name>-dlq`
/// @param undeliveredQueue the queue of events that EventBridge could not deliver
/// @param visibilityTimeout how long received messages are invisible to other receivers; renewed
///     during a redrive, so it need only be longer than one step of it
/// @param maxMessages the maximum number of messages per view or redrive, which limits memory and
///     how long messages are invisible
/// @param maxReadTime how long reading one queue may take, so that the caller gets a response
/// @param waitTime how long SQS waits for a message before it reports an empty queue, in whole
///     seconds. With 0, SQS queries only some of its servers and may report an empty queue wrongly
/// @param canaryTimeout how long a redrive waits until its canary is processed. A message that
///     always fails is back in the dead-letter queue before
/// @param canaryPollInterval how often a redrive checks whether its canary is processed
/// @param scanInterval how often the number of messages of each queue is compared with the index of
///     dead letters; a queue is scanned when it differs
/// @param maxScanAge after this time a queue is scanned although its number of messages is the same
@ConfigurationProperties("orderflow.operations.dead-letters")
record DeadLetterProperties(
        Map<ConsumerQueue, String> queues,
        String undeliveredQueue,
        @DefaultValue("60s") Duration visibilityTimeout,
        @DefaultValue("500") int maxMessages,
        @DefaultValue("10s") Duration maxReadTime,
        @DefaultValue("1s") Duration waitTime,
        Duration canaryTimeout,
        @DefaultValue("500ms") Duration canaryPollInterval,
        @DefaultValue("10s") Duration scanInterval,
        @DefaultValue("60s") Duration maxScanAge) {

    private static final String DEAD_LETTER_SUFFIX = "-dlq";

    DeadLetterProperties {
        queues = Map.copyOf(queues);
        for (var consumer : ConsumerQueue.values()) {
            if (!queues.containsKey(consumer)) {
                throw new IllegalArgumentException(
                        "orderflow.operations.dead-letters.queues must name the queue of "
                                + consumer);
            }
        }
        if (maxMessages < 1 || maxMessages > 10_000) {
            throw new IllegalArgumentException(
                    "orderflow.operations.dead-letters.max-messages must be 1 to 10000 but was "
                            + maxMessages);
        }
        if (waitTime.isNegative() || waitTime.compareTo(Duration.ofSeconds(10)) > 0) {
            throw new IllegalArgumentException(
                    "orderflow.operations.dead-letters.wait-time must be 0 to 10 s but was "
                            + waitTime);
        }
        if (visibilityTimeout.compareTo(Duration.ofSeconds(10)) < 0) {
            throw new IllegalArgumentException(
                    "orderflow.operations.dead-letters.visibility-timeout must be at least 10 s but was "
                            + visibilityTimeout);
        }
    }

    /// Every dead-letter queue with its consumer's queue, which is empty for undelivered events.
    Map<String, Optional<ConsumerQueue>> deadLetterQueues() {
        var all = new LinkedHashMap<String, Optional<ConsumerQueue>>();
        new EnumMap<>(queues)
                .forEach(
                        (consumer, name) ->
                                all.put(deadLetterQueueOf(name), Optional.of(consumer)));
        all.put(undeliveredQueue, Optional.empty());
        return all;
    }

    /// The dead-letter queue of a consumer's queue.
    String deadLetterQueueOf(String queue) {
        return queue + DEAD_LETTER_SUFFIX;
    }

    /// Finds a dead-letter queue by its own name, or by the name of its consumer's queue.
    Optional<String> findDeadLetterQueue(String name) {
        var all = deadLetterQueues().keySet();
        return all.contains(name)
                ? Optional.of(name)
                : Optional.of(deadLetterQueueOf(name)).filter(all::contains);
    }

    String queueOf(ConsumerQueue consumer) {
        var name = queues.get(consumer);
        if (name == null) {
            throw new IllegalStateException("no queue of " + consumer);
        }
        return name;
    }

    Optional<ConsumerQueue> consumerOf(String queue) {
        return queues.entrySet().stream()
                .filter(entry -> entry.getValue().equals(queue))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
