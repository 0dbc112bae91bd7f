package dev.orderflow.operations.deadletters;

import dev.orderflow.operations.audittrail.AuditTrail;
import dev.orderflow.operations.deadletters.DeadLetterCanary.SentMessage;
import dev.orderflow.operations.deadletters.DeadLetterQueues.ReceivedMessages;
import dev.orderflow.operations.orders.OrderSnapshotClient;
import dev.orderflow.operations.redrive.RedriveJob;
import dev.orderflow.operations.redrive.RedriveService;
import dev.orderflow.operations.redrive.RedriveTask;
import dev.orderflow.operations.services.AwsFailureText;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.exception.SdkException;

/// Redrives and discards dead letters.
@Component
public class DeadLetterRedriveService {

    private static final Logger log = LoggerFactory.getLogger(DeadLetterRedriveService.class);

    private final DeadLetterQueues queues;
    private final DeadLetterProperties properties;
    private final OrderSnapshotClient orders;
    private final RedriveService redrives;
    private final AuditTrail auditTrail;
    private final DeadLetterCanary canary;

    DeadLetterRedriveService(
            DeadLetterQueues queues,
            DeadLetterProperties properties,
            OrderSnapshotClient orders,
            RedriveService redrives,
            AuditTrail auditTrail,
            DeadLetterCanary canary) {
        this.queues = queues;
        this.properties = properties;
        this.orders = orders;
        this.redrives = redrives;
        this.auditTrail = auditTrail;
        this.canary = canary;
    }

    /// Starts a redrive or a discard of messages in the background.
    public RedriveService.StartResult start(RedriveTask task) {
        return redrives.submit(task, this::run);
    }

    private String run(RedriveJob job) {
        try (var received = queues.receive(job.task().target())) {
            boolean complete = received.isComplete();
            var selected = received.select(job.task().selection());
            var ids = selected.stream().map(DeadLetter::id).collect(Collectors.toUnmodifiableSet());
            received.retain(ids);
            switch (job.task().action()) {
                case REDRIVE -> redriveAll(job, received, selected);
                case DISCARD -> discardAll(job, received, selected);
                case DISMISS ->
                        throw new IllegalArgumentException("dead letters cannot be dismissed");
            }
            job.task()
                    .selection()
                    .findMissing(ids)
                    .forEach(
                            id ->
                                    job.countFailed(
                                            complete
                                                    ? "no such message in " + job.task().target()
                                                    : "not among the messages that could be read; run it again",
                                            id));
            return complete
                    ? ""
                    : "the queue has more messages than one redrive takes; run it again";
        }
    }

    private void redriveAll(RedriveJob job, ReceivedMessages received, List<DeadLetter> selected) {
        boolean canaryNeeded = job.task().canary();
        for (var message : selected) {
            received.renewVisibility();
            job.awaitPace();
            var sent = redrive(job, received, message, canaryNeeded);
            if (canaryNeeded && sent.isPresent()) {
                canary.awaitProcessed(job, received, sent.get());
                canaryNeeded = false;
            }
        }
    }

    /// Sends the message to its consumer, then deletes it here: a crash in between leaves both
    /// copies.
    private Optional<SentMessage> redrive(
            RedriveJob job, ReceivedMessages received, DeadLetter message, boolean asCanary) {
        var assessment = AssessedDeadLetter.of(message, orders::find).assessment();
        switch (assessment.plannedAction(job.task().force())) {
            case SKIPPED -> job.countSkipped(assessment.description(), message.id());
            case BLOCKED, DISCARDED -> job.countBlocked(assessment.description(), message.id());
            case REDRIVEN -> {
                var consumer = message.consumer().orElseThrow();
                record(
                        job,
                        "REDRIVE_MESSAGE",
                        message,
                        "to=%s assessment=%s ".formatted(properties.queueOf(consumer), assessment));
                boolean observable = asCanary && canary.isObservable(consumer, message.contents());
                try {
                    var id =
                            queues.sendBack(
                                    message,
                                    consumer,
                                    job.task().operator().subject(),
                                    job.id().toString());
                    received.delete(message);
                    job.countDone();
                    return Optional.of(
                            new SentMessage(id, consumer, message.contents(), observable));
                } catch (SdkException failure) {
                    var reason = AwsFailureText.describe("SQS", failure);
                    log.warn("{} could not be redriven: {}", message, reason);
                    job.countFailed(reason, message.id());
                }
            }
        }
        return Optional.empty();
    }

    private void discardAll(RedriveJob job, ReceivedMessages received, List<DeadLetter> selected) {
        for (var message : selected) {
            received.renewVisibility();
            job.awaitPace();
            record(job, "DISCARD_MESSAGE", message, "");
            try {
                received.delete(message);
                job.countDone();
            } catch (SdkException failure) {
                var reason = AwsFailureText.describe("SQS", failure);
                log.warn("{} could not be discarded: {}", message, reason);
                job.countFailed(reason, message.id());
            }
        }
    }

    private void record(RedriveJob job, String action, DeadLetter message, String target) {
        auditTrail.record(
                job.task().operator(),
                action,
                message.subject(),
                job.task().reason(),
                "redrive=%s from=%s %smessage=%s %s"
                        .formatted(
                                job.id(),
                                job.task().target(),
                                target,
                                message.id(),
                                message.contents().describe()));
    }
}
