package dev.orderflow.operations.deadletters;

import dev.orderflow.operations.audittrail.AuditTrail;
import dev.orderflow.operations.orders.OrderSnapshot;
import dev.orderflow.operations.orders.OrderSnapshots;
import dev.orderflow.operations.redrive.RedriveJob;
import dev.orderflow.operations.redrive.RedriveService;
import dev.orderflow.operations.redrive.RedriveStoppedException;
import dev.orderflow.operations.redrive.RedriveTask;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/// Lists, redrives and discards dead-lettered messages.
@Component
public class DeadLetterService {

    private static final Logger log = LoggerFactory.getLogger(DeadLetterService.class);

    private final DeadLetterQueues queues;
    private final DeadLetterProperties properties;
    private final OrderSnapshots orders;
    private final RedriveService redrives;
    private final AuditTrail auditTrail;
    private final EffectQueries effects;

    DeadLetterService(
            DeadLetterQueues queues,
            DeadLetterProperties properties,
            OrderSnapshots orders,
            RedriveService redrives,
            AuditTrail auditTrail,
            EffectQueries effects) {
        this.queues = queues;
        this.properties = properties;
        this.orders = orders;
        this.redrives = redrives;
        this.auditTrail = auditTrail;
        this.effects = effects;
    }

    /// Messages that failed alike.
    public record CauseGroup(
            String fingerprint,
            String reason,
            FailureCause.CauseSource saidBy,
            int count,
            Instant oldest) {}

    /// A dead-letter queue at one moment.
    ///
    /// @param count about how many messages it holds, by SQS's own count
    /// @param seen how many were looked at
    /// @param complete whether that was all of them
    /// @param problem why it could not be read, when it could not
    public record QueueView(
            String queue,
            int count,
            int seen,
            boolean complete,
            List<CauseGroup> groups,
            Optional<String> problem) {}

    /// A message as it may be shown.
    ///
    /// @param goesTo the queue it would be sent to
    /// @param order how its order is now, in one word
    public record DeadLetterView(
            String messageId,
            Optional<String> orderId,
            String type,
            Instant sentAt,
            Instant firstReceivedAt,
            String fingerprint,
            String reason,
            Map<String, String> body,
            Optional<String> goesTo,
            String order,
            RedriveAssessment assessment,
            String meaning) {}

    /// A dead-letter queue with its messages.
    public record Detail(QueueView queue, List<DeadLetterView> messages) {}

    /// What a redrive or a discard would do.
    ///
    /// @param selected how many messages are meant
    /// @param plannedActions how many of them would be redriven, skipped, blocked or discarded
    public record RedrivePlan(
            String queue,
            boolean complete,
            int seen,
            int selected,
            Map<RedriveAssessment.PlannedAction, Integer> plannedActions,
            List<RedriveStep> steps) {}

    /// What would become of one message.
    public record RedriveStep(
            String messageId,
            Optional<String> orderId,
            String type,
            String order,
            RedriveAssessment assessment,
            RedriveAssessment.PlannedAction plannedAction) {}

    /// The dead-letter queue that a name means: its own, or its consumer's queue.
    public Optional<String> queueCalled(String name) {
        var all = properties.deadLetterQueues().keySet();
        return all.contains(name)
                ? Optional.of(name)
                : Optional.of(name + "-dlq").filter(all::contains);
    }

    /// Every dead-letter queue, with its messages grouped.
    public List<QueueView> overview() {
        return properties.deadLetterQueues().keySet().stream().map(this::view).toList();
    }

    private QueueView view(String queue) {
        try {
            var depth = queues.depth(queue);
            if (depth.visible() == 0) {
                return new QueueView(
                        queue, depth.all(), 0, depth.hidden() == 0, List.of(), Optional.empty());
            }
            try (var received = receive(queue)) {
                return view(queue, depth, received);
            }
        } catch (SdkException unreadable) {
            log.warn("{} could not be read: {}", queue, unreadable.getMessage());
            return new QueueView(
                    queue,
                    0,
                    0,
                    false,
                    List.of(),
                    Optional.of(unreadable.getClass().getSimpleName()));
        }
    }

    private static QueueView view(
            String queue,
            DeadLetterQueues.QueueDepth depth,
            DeadLetterQueues.ReceivedMessages received) {
        int seen = received.messages().size();
        return new QueueView(
                queue,
                Math.max(depth.all(), seen),
                seen,
                received.complete() && seen >= depth.all(),
                groups(received.messages()),
                Optional.empty());
    }

    private static List<CauseGroup> groups(List<DeadLetter> messages) {
        return messages.stream()
                .collect(
                        Collectors.groupingBy(
                                message -> message.cause().fingerprint(),
                                LinkedHashMap::new,
                                Collectors.toList()))
                .values()
                .stream()
                .map(
                        alike -> {
                            var cause = alike.getFirst().cause();
                            return new CauseGroup(
                                    cause.fingerprint(),
                                    cause.reason(),
                                    cause.saidBy(),
                                    alike.size(),
                                    alike.stream()
                                            .map(DeadLetter::sentAt)
                                            .min(Comparator.naturalOrder())
                                            .orElseThrow());
                        })
                .sorted(Comparator.comparingInt(CauseGroup::count).reversed())
                .toList();
    }

    /// One dead-letter queue with its messages, compared with their orders.
    ///
    /// @param limit how many messages are shown at most
    public Detail detail(String queue, Optional<String> fingerprint, int limit) {
        var depth = queues.depth(queue);
        QueueView view;
        List<DeadLetter> messages;
        try (var received = receive(queue)) {
            view = view(queue, depth, received);
            messages = received.messages();
        }
        // Given back before order-service is asked, which may take its time.
        var states = orders.forOneView();
        return new Detail(
                view,
                messages.stream()
                        .filter(
                                message ->
                                        fingerprint
                                                .map(message.cause().fingerprint()::equals)
                                                .orElse(true))
                        .limit(limit)
                        .map(message -> view(message, states))
                        .toList());
    }

    private DeadLetterView view(DeadLetter message, Function<UUID, OrderSnapshot> states) {
        var now = now(message, states);
        var result = assess(message, now);
        return new DeadLetterView(
                message.id(),
                message.contents().orderId().map(Object::toString),
                message.contents().type(),
                message.sentAt(),
                message.firstReceivedAt(),
                message.cause().fingerprint(),
                message.cause().reason(),
                message.contents().shown(),
                message.consumer().map(properties::queueOf),
                word(message, now),
                result,
                result.meaning());
    }

    private static OrderSnapshot now(DeadLetter message, Function<UUID, OrderSnapshot> states) {
        return message.contents()
                .orderId()
                .map(states)
                .orElseGet(OrderSnapshot.OrderServiceUnavailable::new);
    }

    private static String word(DeadLetter message, OrderSnapshot now) {
        return message.contents().orderId().isEmpty() ? "-" : now.label();
    }

    private static RedriveAssessment assess(DeadLetter message, OrderSnapshot now) {
        return message.consumer()
                .map(consumer -> consumer.assess(message.contents(), now))
                .orElse(RedriveAssessment.NO_TARGET);
    }

    /// What a redrive or a discard would do now, without doing it.
    public RedrivePlan plan(
            String queue,
            RedriveSelection selection,
            RedriveTask.RedriveAction action,
            boolean force) {
        boolean complete;
        int seen;
        List<DeadLetter> selected;
        try (var received = receive(queue)) {
            complete = received.complete();
            seen = received.messages().size();
            selected = select(received.messages(), selection);
        }
        var states = orders.forOneView();
        var steps = selected.stream().map(message -> step(message, states, action, force)).toList();
        var plannedActions =
                new EnumMap<RedriveAssessment.PlannedAction, Integer>(
                        RedriveAssessment.PlannedAction.class);
        steps.forEach(step -> plannedActions.merge(step.plannedAction(), 1, Integer::sum));
        return new RedrivePlan(queue, complete, seen, selected.size(), plannedActions, steps);
    }

    private static RedriveStep step(
            DeadLetter message,
            Function<UUID, OrderSnapshot> states,
            RedriveTask.RedriveAction action,
            boolean force) {
        var now = now(message, states);
        var result = assess(message, now);
        return new RedriveStep(
                message.id(),
                message.contents().orderId().map(Object::toString),
                message.contents().type(),
                word(message, now),
                result,
                action == RedriveTask.RedriveAction.DISCARD
                        ? RedriveAssessment.PlannedAction.DISCARDED
                        : result.plannedAction(force));
    }

    /// Starts a redrive or a discard of a queue's messages.
    public RedriveService.StartResult start(RedriveTask assignment, RedriveSelection selection) {
        return redrives.submit(
                assignment,
                run -> {
                    try (var received = receive(assignment.target())) {
                        return carryOut(run, received, selection);
                    }
                });
    }

    private String carryOut(
            RedriveJob run,
            DeadLetterQueues.ReceivedMessages received,
            RedriveSelection selection) {
        boolean complete = received.complete();
        var selected = select(received.messages(), selection);
        received.keepOnly(
                selected.stream().map(DeadLetter::id).collect(Collectors.toUnmodifiableSet()));
        boolean canary = run.task().canary();
        for (var message : selected) {
            received.renew();
            run.awaitPace();
            if (run.task().action() == RedriveTask.RedriveAction.DISCARD) {
                discard(run, received, message);
            } else {
                var sent = redrive(run, received, message);
                if (canary && sent.isPresent()) {
                    awaitSettled(run, received, sent.get());
                    canary = false;
                }
            }
        }
        if (selection instanceof RedriveSelection.ChosenMessages(var ids)) {
            var found = selected.stream().map(DeadLetter::id).collect(Collectors.toSet());
            ids.stream()
                    .filter(id -> !found.contains(id))
                    .forEach(
                            id ->
                                    run.countFailed(
                                            complete
                                                    ? "no such message in " + target(run)
                                                    : "not among the messages that could be read; run it again",
                                            id));
        }
        return complete ? "" : "the queue holds more than was read at once; run it again";
    }

    private static String target(RedriveJob run) {
        return run.task().target();
    }

    private static String refusedBySqs(SdkException failed) {
        return failed instanceof AwsServiceException refused && refused.awsErrorDetails() != null
                ? "SQS refused: " + refused.awsErrorDetails().errorCode()
                : "SQS did not answer";
    }

    private void discard(
            RedriveJob run, DeadLetterQueues.ReceivedMessages received, DeadLetter message) {
        record(run, "DISCARD_MESSAGE", message, "nowhere");
        try {
            received.delete(message);
            run.countDone();
        } catch (SdkException failed) {
            log.warn("{} could not be discarded: {}", message, failed.getMessage());
            run.countFailed(refusedBySqs(failed), message.id());
        }
    }

    /// Sends it to its consumer, then deletes it here: a crash in between leaves both.
    private Optional<SentMessage> redrive(
            RedriveJob run, DeadLetterQueues.ReceivedMessages received, DeadLetter message) {
        var result = assess(message, now(message, orders::find));
        var consumer = message.consumer();
        switch (result.plannedAction(run.task().force())) {
            case SKIPPED -> run.countSkipped(result.meaning(), message.id());
            case BLOCKED, DISCARDED -> run.countBlocked(result.meaning(), message.id());
            case REDRIVEN -> {
                var to = consumer.orElseThrow();
                record(run, "REDRIVE_MESSAGE", message, properties.queueOf(to) + " " + result);
                // Where it can be seen already, it tells nothing about this message.
                boolean tells =
                        effects.of(to, message.contents()) == EffectQueries.EffectState.NOT_YET;
                try {
                    var id =
                            queues.sendBack(
                                    message, to, run.task().operator(), run.id().toString());
                    received.delete(message);
                    run.countDone();
                    return Optional.of(new SentMessage(id, to, message.contents(), tells));
                } catch (SdkException failed) {
                    log.warn("{} could not be redriven: {}", message, failed.getMessage());
                    run.countFailed(refusedBySqs(failed), message.id());
                }
            }
        }
        return Optional.empty();
    }

    private void record(RedriveJob run, String action, DeadLetter message, String to) {
        auditTrail.record(
                run.task().operator(),
                action,
                message.subject(),
                run.task().reason(),
                "redrive=%s from=%s to=%s message=%s %s"
                        .formatted(
                                run.id(),
                                run.task().target(),
                                to,
                                message.id(),
                                message.contents().inWords()));
    }

    /// A message on its consumer's queue.
    ///
    /// @param tells whether its effect was not there before it was sent, so that it tells whether
    ///     this message was handled
    private record SentMessage(
            String messageId, ConsumerQueue consumer, RedactedContents contents, boolean tells) {}

    /// Waits until the canary is handled, and no other message: what else comes in and goes out
    /// does not matter. It is handled when its effect is there; it failed when it is back here.
    /// Where no effect can be seen, it is handled when the queue is empty, or when it was taken off
    /// the queue's visible end and is not back when the time is up.
    private void awaitSettled(
            RedriveJob run, DeadLetterQueues.ReceivedMessages received, SentMessage canary) {
        var queue = properties.queueOf(canary.consumer());
        var end = Instant.now().plus(properties.canaryPatience());
        int quiet = 0;
        boolean taken = false;
        for (int look = 1; Instant.now().isBefore(end); look++) {
            run.pause(Duration.ofMillis(500));
            received.renew();
            if (canary.tells()
                    && effects.of(canary.consumer(), canary.contents())
                            == EffectQueries.EffectState.DONE) {
                return;
            }
            var depth = queues.depth(queue);
            taken |= depth.visible() == 0;
            // Twice, because SQS's counts are approximate and a message on its way between two
            // queues is counted in neither.
            quiet = depth.all() == 0 ? quiet + 1 : 0;
            if (quiet >= 2) {
                requireNotBack(run, canary);
                return;
            }
            if (look % 4 == 0) {
                requireNotBack(run, canary);
            }
        }
        requireNotBack(run, canary);
        if (canary.tells() || !taken) {
            throw new RedriveStoppedException(
                    "the canary %s was not settled within %d s: it is neither handled nor back in the dead-letter queue; does its consumer take messages from %s?"
                            .formatted(
                                    canary.messageId(),
                                    properties.canaryPatience().toSeconds(),
                                    queue));
        }
    }

    private void requireNotBack(RedriveJob run, SentMessage canary) {
        if (isBack(run, canary)) {
            throw new RedriveStoppedException("the canary came back: its cause is not mended");
        }
    }

    private boolean isBack(RedriveJob run, SentMessage canary) {
        var queue = properties.queueOf(canary.consumer()) + "-dlq";
        try (var fresh = queues.received(queue, Optional.of(canary.consumer()))) {
            return fresh.messages().stream()
                    .anyMatch(message -> isSame(message, canary.messageId(), run.id().toString()));
        }
    }

    /// A consumer that gives up sends a copy that names the original; SQS moves the original.
    private static boolean isSame(DeadLetter message, String messageId, String redriveId) {
        var attributes = message.message().messageAttributes();
        var source = attributes.get("source-message-id");
        var redrive = attributes.get("redrive-id");
        return message.id().equals(messageId)
                || (source != null && messageId.equals(source.stringValue()))
                || (redrive != null && redriveId.equals(redrive.stringValue()));
    }

    private DeadLetterQueues.ReceivedMessages receive(String queue) {
        return queues.received(
                queue, properties.deadLetterQueues().getOrDefault(queue, Optional.empty()));
    }

    private static List<DeadLetter> select(List<DeadLetter> messages, RedriveSelection selection) {
        return messages.stream()
                .filter(
                        message ->
                                switch (selection) {
                                    case RedriveSelection.AllMessages _ -> true;
                                    case RedriveSelection.SameCause(var fingerprint) ->
                                            message.cause().fingerprint().equals(fingerprint);
                                    case RedriveSelection.ChosenMessages(var ids) ->
                                            ids.contains(message.id());
                                })
                .toList();
    }
}
