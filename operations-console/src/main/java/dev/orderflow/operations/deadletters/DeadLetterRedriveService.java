package dev.orderflow.operations.deadletters;

import dev.orderflow.operations.audittrail.AuditTrail;
import dev.orderflow.operations.deadletters.DeadLetterCanary.SentMessage;
import dev.orderflow.operations.deadletters.DeadLetterQueues.ReceivedMessages;
import dev.orderflow.operations.orders.OrderSnapshotClient;
import dev.orderflow.operations.redrive.RedriveJob;
import dev.orderflow.operations.redrive.RedriveService;
import dev.orderflow.operations.redrive.RedriveTask;
import dev.orderflow.operations.redrive.RedriveWorker;
import dev.orderflow.operations.services.AwsFailureText;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.exception.SdkException;

/// Redrives and discards dead letters.
@Component
public class DeadLetterRedriveService implements RedriveWorker {

    private static final Logger log = LoggerFactory.getLogger(DeadLetterRedriveService.class);

    private final DeadLetterQueues queues;
    private final DeadLetterProperties properties;
    private final OrderSnapshotClient orders;
    private final RedriveService redrives;
    private final AuditTrail auditTrail;
    private final DeadLetterCanary canary;
    private final DeadLetterIndex index;

    DeadLetterRedriveService(
            DeadLetterQueues queues,
            DeadLetterProperties properties,
            OrderSnapshotClient orders,
            RedriveService redrives,
            AuditTrail auditTrail,
            DeadLetterCanary canary,
            DeadLetterIndex index) {
        this.index = index;
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

    @Override
    public Optional<RedriveService.RedriveWork> findWork(RedriveTask task) {
        return task.target().equals(RedriveTask.WORKFLOWS)
                ? Optional.empty()
                : Optional.of(this::run);
    }

    /// Reads and processes a part of the queue at a time, until all of it was read or a part has
    /// nothing new.
    private String run(RedriveJob job) {
        while (true) {
            int before = job.processedCount();
            boolean complete = processPart(job);
            if (complete || job.processedCount() == before) {
                countMissing(job, complete);
                return complete
                        ? ""
                        : "the queue has more messages than one redrive takes; run it again";
            }
        }
    }

    /// @return whether the whole queue was read
    private boolean processPart(RedriveJob job) {
        try (var received = queues.receive(job.task().target())) {
            index.requestScan(job.task().target());
            var selected =
                    received.select(job.task().selection()).stream()
                            .filter(message -> !job.isProcessed(message.id()))
                            .toList();
            boolean complete = received.isComplete();
            received.retain(
                    selected.stream().map(DeadLetter::id).collect(Collectors.toUnmodifiableSet()));
            switch (job.task().action()) {
                case REDRIVE -> redriveAll(job, received, selected);
                case DISCARD -> discardAll(job, received, selected);
                case DISMISS ->
                        throw new IllegalArgumentException("dead letters cannot be dismissed");
            }
            return complete;
        }
    }

    private static void countMissing(RedriveJob job, boolean complete) {
        job.task().selection().findMissing(Set.of()).stream()
                .filter(id -> !job.isProcessed(id))
                .forEach(
                        id ->
                                job.countFailed(
                                        complete
                                                ? "no such message in " + job.task().target()
                                                : "not among the messages that could be read; run it again",
                                        id));
    }

    private void redriveAll(RedriveJob job, ReceivedMessages received, List<DeadLetter> selected) {
        boolean canaryNeeded = job.needsCanary();
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
                    index.delete(job.task().target(), message.id());
                    job.countDone(message.id(), message.contents().orderId());
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
                index.delete(job.task().target(), message.id());
                job.countDone(message.id(), message.contents().orderId());
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
