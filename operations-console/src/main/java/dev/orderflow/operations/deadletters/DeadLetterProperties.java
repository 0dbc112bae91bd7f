package dev.orderflow.operations.deadletters;

import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Which dead-letter queues there are, and how they are read.
///
/// @param queues the name of each consumer's queue; its dead-letter queue is called `<name>-dlq`
/// @param undelivered the queue of events that a rule could not deliver
/// @param hidden how long a message is out of others' sight while it is looked at; renewed while it
///     is worked on, so it need only be longer than one step
/// @param most how many messages one view or redrive takes, which bounds memory and the time that
///     messages are hidden
/// @param longest how long one reading takes, so that a caller gets an answer
/// @param canaryPatience how long a canary may take until it is settled
@ConfigurationProperties("orderflow.operations.dead-letters")
record DeadLetterProperties(
        Map<ConsumerQueue, String> queues,
        String undelivered,
        @DefaultValue("60s") Duration hidden,
        @DefaultValue("500") int most,
        @DefaultValue("10s") Duration longest,
        @DefaultValue("60s") Duration canaryPatience) {

    DeadLetterProperties {
        queues = Map.copyOf(queues);
        for (var consumer : ConsumerQueue.values()) {
            if (!queues.containsKey(consumer)) {
                throw new IllegalArgumentException("queues must name the queue of " + consumer);
            }
        }
        if (most < 1 || most > 10_000) {
            throw new IllegalArgumentException("most must be 1 to 10000 but was " + most);
        }
        if (hidden.compareTo(Duration.ofSeconds(10)) < 0) {
            throw new IllegalArgumentException("hidden must be at least 10 s but was " + hidden);
        }
    }

    /// Every dead-letter queue with whose it is; nobody's is the one of undelivered events.
    Map<String, Optional<ConsumerQueue>> deadLetterQueues() {
        var all = new LinkedHashMap<String, Optional<ConsumerQueue>>();
        new EnumMap<>(queues)
                .forEach((consumer, name) -> all.put(name + "-dlq", Optional.of(consumer)));
        all.put(undelivered, Optional.empty());
        return all;
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
