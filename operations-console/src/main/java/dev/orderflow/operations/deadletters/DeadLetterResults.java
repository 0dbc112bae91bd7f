package dev.orderflow.operations.deadletters;

import dev.orderflow.operations.redrive.ItemResult;
import dev.orderflow.operations.redrive.RedrivenItem;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.springframework.stereotype.Component;

/// Finds the results of redriven messages: whether they were dead-lettered again, or else
/// whether their consumers have handled them.
///
/// That a message did not come back is known only from a scan of its dead-letter queue that began
/// after the time in which it would have come back. A running redrive delays these scans.
@Component
class DeadLetterResults {

    /// After this time a message that its consumer has not handled is given up. Five receives with
    /// their visibility time-outs take less.
    static final Duration MAX_WAIT = Duration.ofHours(1);

    private final DeadLetterIndex index;
    private final DeadLetterProperties properties;
    private final EffectQueries effects;

    DeadLetterResults(
            DeadLetterIndex index, DeadLetterProperties properties, EffectQueries effects) {
        this.index = index;
        this.properties = properties;
        this.effects = effects;
    }

    ItemResult find(RedrivenItem item) {
        var consumer = properties.consumerOf(item.sentTo()).orElseThrow();
        // Before the index is read, which may have a later scan then.
        var scannedAt = index.findLastScan(properties.deadLetterQueueOf(item.sentTo()));
        if (index.isBack(item.sentId())) {
            return ItemResult.CAME_BACK;
        }
        var contents = RedactedContents.of(item.orderId(), item.type());
        if (!effects.canTell(consumer, contents)) {
            // As for a canary.
            return isScannedAfter(scannedAt, item, properties.canaryTimeout())
                    ? ItemResult.NOT_BACK
                    : ItemResult.WAITING;
        }
        return switch (effects.ofMessage(consumer, contents, item.sentId())) {
            case DONE -> ItemResult.PROCESSED;
            case MISSING ->
                    isScannedAfter(scannedAt, item, MAX_WAIT)
                            ? ItemResult.NOT_PROCESSED
                            : ItemResult.WAITING;
            case UNKNOWN -> ItemResult.WAITING;
        };
    }

    private static boolean isScannedAfter(
            Optional<Instant> scannedAt, RedrivenItem item, Duration wait) {
        return scannedAt.filter(item.redrivenAt().plus(wait)::isBefore).isPresent();
    }
}
