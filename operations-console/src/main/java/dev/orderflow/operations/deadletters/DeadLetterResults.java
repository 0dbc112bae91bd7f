package dev.orderflow.operations.deadletters;

import dev.orderflow.operations.redrive.ItemResult;
import dev.orderflow.operations.redrive.RedrivenItem;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/// Finds the results of redriven messages: whether they were dead-lettered again, as far as the
/// dead-letter queues were scanned, or else whether their consumers have handled them.
@Component
class DeadLetterResults {

    /// After this time a message that its consumer has not handled is given up. Five receives with
    /// their visibility time-outs take less.
    static final Duration MAX_WAIT = Duration.ofHours(1);

    private final DeadLetterIndex index;
    private final DeadLetterProperties properties;
    private final EffectQueries effects;
    private final InstantSource clock;

    @Autowired
    DeadLetterResults(
            DeadLetterIndex index, DeadLetterProperties properties, EffectQueries effects) {
        this(index, properties, effects, InstantSource.system());
    }

    DeadLetterResults(
            DeadLetterIndex index,
            DeadLetterProperties properties,
            EffectQueries effects,
            InstantSource clock) {
        this.index = index;
        this.properties = properties;
        this.effects = effects;
        this.clock = clock;
    }

    ItemResult find(RedrivenItem item) {
        var consumer = properties.consumerOf(item.sentTo()).orElseThrow();
        if (index.isBack(item.sentId())) {
            return ItemResult.CAME_BACK;
        }
        var contents = RedactedContents.of(item.orderId(), item.type());
        var age = Duration.between(item.redrivenAt(), clock.instant());
        if (!effects.canTell(consumer, contents)) {
            // As for a canary.
            return age.compareTo(properties.canaryTimeout()) > 0
                    ? ItemResult.NOT_BACK
                    : ItemResult.WAITING;
        }
        return switch (effects.ofMessage(consumer, contents, item.sentId())) {
            case DONE -> ItemResult.PROCESSED;
            case MISSING ->
                    age.compareTo(MAX_WAIT) > 0 ? ItemResult.NOT_PROCESSED : ItemResult.WAITING;
            case UNKNOWN -> ItemResult.WAITING;
        };
    }
}
