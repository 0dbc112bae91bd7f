package dev.orderflow.operations.deadletters;

import dev.orderflow.defaults.delivery.ReceivedMessage;
import dev.orderflow.operations.deadletters.DeadLetterQueues.ReceivedMessages;
import dev.orderflow.operations.deadletters.EffectQueries.EffectState;
import dev.orderflow.operations.redrive.RedriveJob;
import dev.orderflow.operations.redrive.RedriveStoppedException;
import java.time.InstantSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/// Waits until the first message of a redrive, its canary, is processed.
///
/// Only the canary counts, not the other messages of its consumer's queue: it is processed when its
/// consumer says that it handled this message, or when its effect exists that did not exist before,
/// and has failed when it is back in the dead-letter queue. Where the consumer cannot be asked
/// (analytics-service), it is processed when it is not back at the end of the time-out.
@Component
class DeadLetterCanary {

    private final DeadLetterQueues queues;
    private final DeadLetterProperties properties;
    private final EffectQueries effects;
    private final InstantSource clock;

    @Autowired
    DeadLetterCanary(
            DeadLetterQueues queues, DeadLetterProperties properties, EffectQueries effects) {
        this(queues, properties, effects, InstantSource.system());
    }

    DeadLetterCanary(
            DeadLetterQueues queues,
            DeadLetterProperties properties,
            EffectQueries effects,
            InstantSource clock) {
        this.queues = queues;
        this.properties = properties;
        this.effects = effects;
        this.clock = clock;
    }

    /// A message that was sent to its consumer's queue.
    ///
    /// @param observable whether its effect did not exist before it was sent, so that the effect
    ///     proves that this message was processed
    record SentMessage(
            String messageId,
            ConsumerQueue consumer,
            RedactedContents contents,
            boolean observable) {}

    /// Whether the effect of a message can prove that it was processed: it does not exist yet.
    boolean isObservable(ConsumerQueue consumer, RedactedContents contents) {
        return effects.of(consumer, contents) == EffectState.MISSING;
    }

    /// Waits until the canary is processed.
    ///
    /// @param remaining the messages to redrive afterwards, which stay invisible meanwhile; after a
    ///     restart the canary may be among them, if it has failed again
    /// @throws RedriveStoppedException when the canary failed again or timed out
    void awaitProcessed(RedriveJob job, ReceivedMessages remaining, SentMessage canary) {
        requireNotAmong(remaining, job, canary);
        var queue = properties.queueOf(canary.consumer());
        var end = clock.instant().plus(properties.canaryTimeout());
        boolean canBeAsked = false;
        for (int poll = 1; clock.instant().isBefore(end); poll++) {
            job.pause(properties.canaryPollInterval());
            remaining.renewVisibility();
            if (hasEffect(canary)) {
                return;
            }
            switch (effects.ofMessage(canary.consumer(), canary.contents(), canary.messageId())) {
                case DONE -> {
                    return;
                }
                case MISSING -> canBeAsked = true;
                case UNKNOWN -> {}
            }
            if (poll % 4 == 0) {
                requireNotFailed(job, queue, canary);
            }
        }
        requireNotBack(job, queue, canary, remaining);
        if (canBeAsked) {
            throw new RedriveStoppedException(
                    "the canary %s timed out after %d s: it is neither processed nor back in the dead-letter queue; check that its consumer receives messages from %s"
                            .formatted(
                                    canary.messageId(),
                                    properties.canaryTimeout().toSeconds(),
                                    queue));
        }
    }

    private boolean hasEffect(SentMessage canary) {
        return canary.observable()
                && effects.of(canary.consumer(), canary.contents()) == EffectState.DONE;
    }

    private void requireNotFailed(RedriveJob job, String queue, SentMessage canary) {
        try (var failed = queues.receive(properties.deadLetterQueueOf(queue))) {
            requireNotAmong(failed, job, canary);
        }
    }

    /// As [#requireNotFailed], which sees a part of a large queue, for all messages but those that
    /// this redrive holds.
    private void requireNotBack(
            RedriveJob job, String queue, SentMessage canary, ReceivedMessages remaining) {
        var deadLetterQueue = properties.deadLetterQueueOf(queue);
        try (var failed =
                queues.findBeside(
                        remaining,
                        deadLetterQueue,
                        message -> isCanary(message, canary, job.id().toString()),
                        () -> {
                            remaining.renewVisibility();
                            job.renewLease();
                        })) {
            requireNotAmong(failed, job, canary);
            if (!failed.isComplete()) {
                throw new RedriveStoppedException(
                        "it is not known whether the canary %s failed again: %s has more messages than can be read in time, or another receiver holds some"
                                .formatted(canary.messageId(), deadLetterQueue));
            }
        }
    }

    private static void requireNotAmong(
            ReceivedMessages messages, RedriveJob job, SentMessage canary) {
        if (messages.messages().stream()
                .anyMatch(message -> isCanary(message, canary, job.id().toString()))) {
            throw new RedriveStoppedException(
                    "the canary %s failed again: the cause still exists"
                            .formatted(canary.messageId()));
        }
    }

    /// SQS moves the message itself; a consumer that rejects it sends a copy with its id.
    private static boolean isCanary(DeadLetter message, SentMessage canary, String redriveId) {
        return message.id().equals(canary.messageId())
                || canary.messageId().equals(message.sourceMessageId())
                || message.hasAttribute(ReceivedMessage.REDRIVE_ID_ATTRIBUTE, redriveId);
    }
}
