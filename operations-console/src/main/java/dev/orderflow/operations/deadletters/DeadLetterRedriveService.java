package dev.orderflow.operations.deadletters;

import dev.orderflow.operations.audittrail.AuditTrail;
import dev.orderflow.operations.deadletters.DeadLetterCanary.SentMessage;
import dev.orderflow.operations.deadletters.DeadLetterQueues.ReceivedMessages;
import dev.orderflow.operations.orders.OrderSnapshotClient;
import dev.orderflow.operations.redrive.ItemResult;
import dev.orderflow.operations.redrive.PlannedAction;
import dev.orderflow.operations.redrive.RedriveJob;
import dev.orderflow.operations.redrive.RedriveSelection;
import dev.orderflow.operations.redrive.RedriveService;
import dev.orderflow.operations.redrive.RedriveTask;
import dev.orderflow.operations.redrive.RedriveWorker;
import dev.orderflow.operations.redrive.RedrivenItem;
import dev.orderflow.operations.redrive.SentItem;
import dev.orderflow.operations.services.AwsFailureDescription;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
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
    private final DeadLetterResults results;
    private final MessageEdits edits;
    private final DiscardedMessages discarded;

    DeadLetterRedriveService(
            DeadLetterQueues queues,
            DeadLetterProperties properties,
            OrderSnapshotClient orders,
            RedriveService redrives,
            AuditTrail auditTrail,
            DeadLetterCanary canary,
            DeadLetterIndex index,
            DeadLetterResults results,
            MessageEdits edits,
            DiscardedMessages discarded) {
        this.edits = edits;
        this.discarded = discarded;
        this.index = index;
        this.results = results;
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
    public boolean handles(String target) {
        return !target.equals(RedriveTask.WORKFLOWS);
    }

    @Override
    public RedriveService.RedriveWork workOf(RedriveTask task) {
        return this::run;
    }

    @Override
    public ItemResult findResult(RedrivenItem item) {
        return results.find(item);
    }

    /// Reads and processes a part of the queue at a time, until all of it was read or a part has
    /// nothing new.
    private String run(RedriveJob job) {
        while (true) {
            int before = job.processedCount();
            boolean complete = processPart(job) || isEverythingProcessed(job);
            if (complete || job.processedCount() == before) {
                countMissing(job, complete);
                return complete
                        ? ""
                        : "the queue has more messages than can be read in time, or another receiver holds some; run it again";
            }
        }
    }

    private static boolean isEverythingProcessed(RedriveJob job) {
        return job.task().selection() instanceof RedriveSelection.NamedItems(var ids)
                && ids.stream().allMatch(job::isProcessed);
    }

    /// @return whether the whole queue was read
    private boolean processPart(RedriveJob job) {
        var selection = job.task().selection();
        try (var received =
                queues.receiveSelected(
                        job.task().target(),
                        message ->
                                job.isSent(message.id())
                                        || (!job.isProcessed(message.id())
                                                && selection.includes(message.toSelectable())),
                        selection instanceof RedriveSelection.NamedItems(var ids)
                                ? ids.size()
                                : Integer.MAX_VALUE,
                        job::renewLease)) {
            index.requestScan(job.task().target());
            // An earlier run sent them, and died before it deleted them.
            received.messages().stream()
                    .filter(message -> job.isSent(message.id()))
                    .forEach(message -> deleteSent(job, received, message));
            var selected =
                    received.messages().stream()
                            .filter(message -> !job.isProcessed(message.id()))
                            .toList();
            boolean complete = received.isComplete();
            switch (job.task().action()) {
                case REDRIVE -> redriveAll(job, received, selected);
                case DISCARD -> discardAll(job, received, selected);
                case EDIT -> editAll(job, received, selected);
                case DISMISS ->
                        throw new IllegalArgumentException("dead letters cannot be dismissed");
            }
            return complete;
        }
    }

    private void countMissing(RedriveJob job, boolean complete) {
        var target = job.task().target();
        var missing =
                job.task().selection().findMissing(Set.of()).stream()
                        .filter(id -> !job.isProcessed(id))
                        .toList();
        var edited = edits.findByIds(target, missing);
        for (var id : missing) {
            if (job.task().action() == RedriveTask.RedriveAction.DISCARD
                    && discarded.isDiscardedBy(job.id(), target, id)) {
                // It was deleted when an earlier run died.
                job.countDone(id, Optional.empty());
            } else if (edited.containsKey(id)) {
                job.countBlocked(edited.get(id).assessment().description(), id);
            } else {
                job.countFailed(
                        complete
                                ? "no such message in " + target
                                : "not among the messages that could be read; run it again",
                        id);
            }
        }
    }

    private void redriveAll(RedriveJob job, ReceivedMessages received, List<DeadLetter> selected) {
        job.findSentCanary().ifPresent(sent -> awaitCanary(job, received, toSentMessage(sent)));
        // No edit begins meanwhile: it would need the same lease.
        var edited = edits.find(job.task().target(), selected);
        for (var message : selected) {
            received.renewVisibility();
            job.awaitPace();
            var sent =
                    redrive(job, received, message, Optional.ofNullable(edited.get(message.id())));
            if (job.needsCanary() && sent.isPresent()) {
                awaitCanary(job, received, sent.get());
            }
        }
    }

    private void awaitCanary(RedriveJob job, ReceivedMessages received, SentMessage sent) {
        canary.awaitProcessed(job, received, sent);
        job.passCanary();
    }

    /// Whether the effect existed before it was sent is not known any more.
    private SentMessage toSentMessage(RedrivenItem item) {
        return new SentMessage(
                item.sentId(),
                properties.consumerOf(item.sentTo()).orElseThrow(),
                RedactedContents.of(item.orderId(), item.type()),
                false);
    }

    /// Sends the message to its consumer, then records that, then deletes it here.
    private Optional<SentMessage> redrive(
            RedriveJob job,
            ReceivedMessages received,
            DeadLetter message,
            Optional<MessageEdits.MessageEdit> edit) {
        var assessment = AssessedDeadLetter.of(message, orders::find, edit).assessment();
        switch (assessment.plannedAction(job.task().force())) {
            case SKIPPED -> {
                if (assessment == RedriveAssessment.REPLACED) {
                    deleteSent(job, received, message);
                }
                job.countSkipped(assessment.description(), message.id());
            }
            case BLOCKED, DISCARDED, DISMISSED ->
                    job.countBlocked(assessment.description(), message.id());
            case REDRIVEN -> {
                var consumer = message.consumer().orElseThrow();
                record(
                        job,
                        "REDRIVE_MESSAGE",
                        message,
                        "to=%s assessment=%s ".formatted(properties.queueOf(consumer), assessment));
                boolean observable =
                        job.needsCanary() && canary.isObservable(consumer, message.contents());
                try {
                    var id =
                            queues.sendBack(
                                    message,
                                    consumer,
                                    job.task().operator().subject(),
                                    job.id().toString());
                    countSent(job, received, message, consumer, id);
                    return Optional.of(
                            new SentMessage(id, consumer, message.contents(), observable));
                } catch (SdkException failure) {
                    var reason = AwsFailureDescription.describe("SQS", failure);
                    log.warn("{} could not be redriven: {}", message, reason);
                    job.countFailed(reason, message.id());
                }
            }
        }
        return Optional.empty();
    }

    /// Sends each selected message with changed fields, and deletes the original. The edit is
    /// recorded before, so after a crash between any two steps the original is not sent, and the
    /// redrive continues with the step that is missing.
    private void editAll(RedriveJob job, ReceivedMessages received, List<DeadLetter> selected) {
        for (var message : selected) {
            received.renewVisibility();
            job.awaitPace();
            var earlier = edits.find(job.task().target(), message);
            var sentId = earlier.flatMap(MessageEdits.MessageEdit::sentId);
            if (sentId.isEmpty()) {
                edit(job, received, message);
            } else if (earlier.get().redriveId().equals(job.id())) {
                countSent(job, received, message, message.consumer().orElseThrow(), sentId.get());
            } else {
                deleteSent(job, received, message);
                job.countBlocked(RedriveAssessment.REPLACED.description(), message.id());
            }
        }
    }

    private void edit(RedriveJob job, ReceivedMessages received, DeadLetter message) {
        var result =
                EditableMessage.of(message.message().body())
                        .map(editable -> editable.apply(job.task().changes()))
                        .orElseGet(DeadLetterEditor::notEditable);
        switch (result) {
            case EditableMessage.EditResult.InvalidEdit(var field, var problem) ->
                    job.countBlocked(field + " " + problem, message.id());
            case EditableMessage.EditResult.Edited(var body, var changes) -> {
                var assessment =
                        AssessedDeadLetter.of(
                                        message.withBody(body), orders::find, Optional.empty())
                                .assessment();
                if (assessment.plannedAction(job.task().force()) != PlannedAction.REDRIVEN) {
                    job.countBlocked(assessment.description(), message.id());
                    return;
                }
                send(job, received, message, body, changes);
            }
        }
    }

    private void send(
            RedriveJob job,
            ReceivedMessages received,
            DeadLetter message,
            String body,
            List<EditableMessage.FieldChange> changes) {
        var consumer = message.consumer().orElseThrow();
        record(
                job,
                "EDIT_MESSAGE",
                message,
                "to=%s changes=%s "
                        .formatted(
                                properties.queueOf(consumer),
                                changes.stream()
                                        .map(EditableMessage.FieldChange::describe)
                                        .toList()));
        if (!edits.begin(job.task(), message, changes)) {
            job.countBlocked(RedriveAssessment.REPLACED.description(), message.id());
            return;
        }
        try {
            var sentId =
                    queues.sendEdited(
                            message,
                            body,
                            consumer,
                            job.task().operator().subject(),
                            job.id().toString());
            edits.recordSent(job.task(), message, sentId);
            record(job, "EDITED_MESSAGE_SENT", message, "newMessage=%s ".formatted(sentId));
            countSent(job, received, message, consumer, sentId);
        } catch (SdkException failure) {
            var reason = AwsFailureDescription.describe("SQS", failure);
            log.warn("edited {} could not be sent: {}", message, reason);
            job.countFailed(reason, message.id());
        }
    }

    /// Counts a message that was sent, and deletes it here also when the redrive was paused or
    /// cancelled meanwhile.
    private void countSent(
            RedriveJob job,
            ReceivedMessages received,
            DeadLetter message,
            ConsumerQueue consumer,
            String sentId) {
        try {
            job.countRedriven(
                    message.id(),
                    message.contents().orderId(),
                    new SentItem(sentId, properties.queueOf(consumer), message.contents().type()));
        } finally {
            deleteSent(job, received, message);
        }
    }

    /// A message that stays is deleted by the next run that reads it.
    private void deleteSent(RedriveJob job, ReceivedMessages received, DeadLetter message) {
        try {
            received.delete(message);
            index.delete(job.task().target(), message.id());
        } catch (SdkException failure) {
            log.warn(
                    "{} was sent, and could not be deleted from {}: {}",
                    message,
                    job.task().target(),
                    AwsFailureDescription.describe("SQS", failure));
        }
    }

    private void discardAll(RedriveJob job, ReceivedMessages received, List<DeadLetter> selected) {
        for (var message : selected) {
            received.renewVisibility();
            job.awaitPace();
            record(job, "DISCARD_MESSAGE", message, "");
            discarded.store(job.task(), message, queues.findRetention(job.task().target()));
            try {
                received.delete(message);
                index.delete(job.task().target(), message.id());
                job.countDone(message.id(), message.contents().orderId());
            } catch (SdkException failure) {
                var reason = AwsFailureDescription.describe("SQS", failure);
                log.warn("{} could not be discarded: {}", message, reason);
                if (isRefused(failure)) {
                    discarded.remove(job.task().target(), message.id());
                    job.countFailed(reason, message.id());
                } else {
                    // The stored copy may be the only one.
                    job.countFailed(
                            reason + "; it may have left its queue and can be restored",
                            message.id());
                }
            }
        }
    }

    /// Whether SQS has done nothing for certain: it refused the only attempt. After an attempt
    /// without a response, a later one may be refused although the first had its effect.
    private static boolean isRefused(SdkException failure) {
        return failure instanceof AwsServiceException refusal
                && refusal.statusCode() < 500
                && Objects.equals(refusal.numAttempts(), 1);
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
