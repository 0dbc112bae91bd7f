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

/// Shows dead letters, sends them back, discards them.
@Component
public class DeadLetterService {

    private static final Logger log = LoggerFactory.getLogger(DeadLetterService.class);

    private final DeadLetterQueues queues;
    private final DeadLetterProperties properties;
    private final OrderSnapshots orders;
    private final RedriveService desk;
    private final AuditTrail auditTrail;
    private final EffectQueries effects;

    DeadLetterService(
            DeadLetterQueues queues,
            DeadLetterProperties properties,
            OrderSnapshots orders,
            RedriveService desk,
            AuditTrail auditTrail,
            EffectQueries effects) {
        this.queues = queues;
        this.properties = properties;
        this.orders = orders;
        this.desk = desk;
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
    public record LetterView(
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
            RedriveAssessment verdict,
            String meaning) {}

    /// A dead-letter queue with its messages.
    public record Detail(QueueView queue, List<LetterView> messages) {}

    /// What a redrive or a discard would do.
    ///
    /// @param selected how many messages are meant
    /// @param fates how many of them would be redriven, skipped, held or discarded
    public record RedrivePlan(
            String queue,
            boolean complete,
            int seen,
            int selected,
            Map<RedriveAssessment.PlannedAction, Integer> fates,
            List<RedriveStep> steps) {}

    /// What would become of one message.
    public record RedriveStep(
            String messageId,
            Optional<String> orderId,
            String type,
            String order,
            RedriveAssessment verdict,
            RedriveAssessment.PlannedAction fate) {}

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
            try (var hold = hold(queue)) {
                return view(queue, depth, hold);
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
            DeadLetterQueues.ReceivedMessages hold) {
        int seen = hold.letters().size();
        return new QueueView(
                queue,
                Math.max(depth.all(), seen),
                seen,
                hold.complete() && seen >= depth.all(),
                groups(hold.letters()),
                Optional.empty());
    }

    private static List<CauseGroup> groups(List<DeadLetter> letters) {
        return letters.stream()
                .collect(
                        Collectors.groupingBy(
                                letter -> letter.cause().fingerprint(),
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
        List<DeadLetter> letters;
        try (var hold = hold(queue)) {
            view = view(queue, depth, hold);
            letters = hold.letters();
        }
        // Given back before order-service is asked, which may take its time.
        var states = orders.forOneView();
        return new Detail(
                view,
                letters.stream()
                        .filter(
                                letter ->
                                        fingerprint
                                                .map(letter.cause().fingerprint()::equals)
                                                .orElse(true))
                        .limit(limit)
                        .map(letter -> shown(letter, states))
                        .toList());
    }

    private LetterView shown(DeadLetter letter, Function<UUID, OrderSnapshot> states) {
        var now = now(letter, states);
        var verdict = verdict(letter, now);
        return new LetterView(
                letter.id(),
                letter.contents().orderId().map(Object::toString),
                letter.contents().type(),
                letter.sentAt(),
                letter.firstReceivedAt(),
                letter.cause().fingerprint(),
                letter.cause().reason(),
                letter.contents().shown(),
                letter.consumer().map(properties::queueOf),
                word(letter, now),
                verdict,
                verdict.meaning());
    }

    private static OrderSnapshot now(DeadLetter letter, Function<UUID, OrderSnapshot> states) {
        return letter.contents()
                .orderId()
                .map(states)
                .orElseGet(OrderSnapshot.OrderServiceUnavailable::new);
    }

    private static String word(DeadLetter letter, OrderSnapshot now) {
        return letter.contents().orderId().isEmpty() ? "-" : now.word();
    }

    private static RedriveAssessment verdict(DeadLetter letter, OrderSnapshot now) {
        return letter.consumer()
                .map(consumer -> consumer.verdict(letter.contents(), now))
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
        List<DeadLetter> chosen;
        try (var hold = hold(queue)) {
            complete = hold.complete();
            seen = hold.letters().size();
            chosen = chosen(hold.letters(), selection);
        }
        var states = orders.forOneView();
        var steps = chosen.stream().map(letter -> step(letter, states, action, force)).toList();
        var fates =
                new EnumMap<RedriveAssessment.PlannedAction, Integer>(
                        RedriveAssessment.PlannedAction.class);
        steps.forEach(step -> fates.merge(step.fate(), 1, Integer::sum));
        return new RedrivePlan(queue, complete, seen, chosen.size(), fates, steps);
    }

    private static RedriveStep step(
            DeadLetter letter,
            Function<UUID, OrderSnapshot> states,
            RedriveTask.RedriveAction action,
            boolean force) {
        var now = now(letter, states);
        var verdict = verdict(letter, now);
        return new RedriveStep(
                letter.id(),
                letter.contents().orderId().map(Object::toString),
                letter.contents().type(),
                word(letter, now),
                verdict,
                action == RedriveTask.RedriveAction.DISCARD
                        ? RedriveAssessment.PlannedAction.DISCARDED
                        : verdict.fate(force));
    }

    /// Starts a redrive or a discard of a queue's messages.
    public RedriveService.StartResult start(RedriveTask assignment, RedriveSelection selection) {
        return desk.submit(
                assignment,
                run -> {
                    try (var hold = hold(assignment.target())) {
                        return carryOut(run, hold, selection);
                    }
                });
    }

    private String carryOut(
            RedriveJob run, DeadLetterQueues.ReceivedMessages hold, RedriveSelection selection) {
        boolean complete = hold.complete();
        var chosen = chosen(hold.letters(), selection);
        hold.keepOnly(chosen.stream().map(DeadLetter::id).collect(Collectors.toUnmodifiableSet()));
        boolean canary = run.assignment().canary();
        for (var letter : chosen) {
            hold.renew();
            run.awaitPace();
            if (run.assignment().action() == RedriveTask.RedriveAction.DISCARD) {
                discard(run, hold, letter);
            } else {
                var sent = redrive(run, hold, letter);
                if (canary && sent.isPresent()) {
                    awaitSettled(run, hold, sent.get());
                    canary = false;
                }
            }
        }
        if (selection instanceof RedriveSelection.ChosenMessages(var ids)) {
            var found = chosen.stream().map(DeadLetter::id).collect(Collectors.toSet());
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
        return run.assignment().target();
    }

    private static String refusedBySqs(SdkException failed) {
        return failed instanceof AwsServiceException refused && refused.awsErrorDetails() != null
                ? "SQS refused: " + refused.awsErrorDetails().errorCode()
                : "SQS did not answer";
    }

    private void discard(
            RedriveJob run, DeadLetterQueues.ReceivedMessages hold, DeadLetter letter) {
        record(run, "DISCARD_MESSAGE", letter, "nowhere");
        try {
            hold.delete(letter);
            run.countDone();
        } catch (SdkException failed) {
            log.warn("{} could not be discarded: {}", letter, failed.getMessage());
            run.countFailed(refusedBySqs(failed), letter.id());
        }
    }

    /// Sends it to its consumer, then deletes it here: a crash in between leaves both.
    private Optional<SentMessage> redrive(
            RedriveJob run, DeadLetterQueues.ReceivedMessages hold, DeadLetter letter) {
        var verdict = verdict(letter, now(letter, orders::now));
        var consumer = letter.consumer();
        switch (verdict.fate(run.assignment().force())) {
            case SKIPPED -> run.countSkipped(verdict.meaning(), letter.id());
            case HELD, DISCARDED -> run.countBlocked(verdict.meaning(), letter.id());
            case REDRIVEN -> {
                var to = consumer.orElseThrow();
                record(run, "REDRIVE_MESSAGE", letter, properties.queueOf(to) + " " + verdict);
                // Where it can be seen already, it tells nothing about this message.
                boolean tells =
                        effects.of(to, letter.contents()) == EffectQueries.EffectState.NOT_YET;
                try {
                    var id =
                            queues.sendBack(letter, to, run.assignment().by(), run.id().toString());
                    hold.delete(letter);
                    run.countDone();
                    return Optional.of(new SentMessage(id, to, letter.contents(), tells));
                } catch (SdkException failed) {
                    log.warn("{} could not be redriven: {}", letter, failed.getMessage());
                    run.countFailed(refusedBySqs(failed), letter.id());
                }
            }
        }
        return Optional.empty();
    }

    private void record(RedriveJob run, String action, DeadLetter letter, String to) {
        auditTrail.record(
                run.assignment().by(),
                action,
                letter.subject(),
                run.assignment().reason(),
                "redrive=%s from=%s to=%s message=%s %s"
                        .formatted(
                                run.id(),
                                run.assignment().target(),
                                to,
                                letter.id(),
                                letter.contents().inWords()));
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
            RedriveJob run, DeadLetterQueues.ReceivedMessages hold, SentMessage canary) {
        var queue = properties.queueOf(canary.consumer());
        var end = Instant.now().plus(properties.canaryPatience());
        int quiet = 0;
        boolean taken = false;
        for (int look = 1; Instant.now().isBefore(end); look++) {
            run.pause(Duration.ofMillis(500));
            hold.renew();
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
        try (var fresh = queues.hold(queue, Optional.of(canary.consumer()))) {
            return fresh.letters().stream()
                    .anyMatch(letter -> isSame(letter, canary.messageId(), run.id().toString()));
        }
    }

    /// A consumer that gives up sends a copy that names the original; SQS moves the original.
    private static boolean isSame(DeadLetter letter, String messageId, String redriveId) {
        var attributes = letter.message().messageAttributes();
        var source = attributes.get("source-message-id");
        var redrive = attributes.get("redrive-id");
        return letter.id().equals(messageId)
                || (source != null && messageId.equals(source.stringValue()))
                || (redrive != null && redriveId.equals(redrive.stringValue()));
    }

    private DeadLetterQueues.ReceivedMessages hold(String queue) {
        return queues.hold(
                queue, properties.deadLetterQueues().getOrDefault(queue, Optional.empty()));
    }

    private static List<DeadLetter> chosen(List<DeadLetter> letters, RedriveSelection selection) {
        return letters.stream()
                .filter(
                        letter ->
                                switch (selection) {
                                    case RedriveSelection.AllMessages _ -> true;
                                    case RedriveSelection.SameCause(var fingerprint) ->
                                            letter.cause().fingerprint().equals(fingerprint);
                                    case RedriveSelection.ChosenMessages(var ids) ->
                                            ids.contains(letter.id());
                                })
                .toList();
    }
}
