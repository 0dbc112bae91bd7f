package dev.orderflow.outbox;

import dev.orderflow.outbox.FailurePolicy.PublishFailure;
import dev.orderflow.outbox.FailurePolicy.PublishFailure.FailureKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Applies the results of calls: events that were accepted are deleted from the outbox, the others
/// are sent again later or parked, and publishing pauses when the target fails. Belongs to the
/// thread of its relay.
final class CallResults {

    private static final Logger log = LoggerFactory.getLogger(CallResults.class);

    /// Longest pause of the whole relay after a call in which every entry failed. Each of these
    /// events is also deferred by itself, so a few that keep failing must not delay the others for
    /// longer.
    private static final Duration MAX_PAUSE_FOR_EVENTS = Duration.ofSeconds(1);

    private final OutboxRepository repository;
    private final EventBuffer buffer;
    private final OutboxReader reader;
    private final EventParking parking;
    private final PublishPause pause;
    private final TargetStateMonitor targetMonitor;
    private final RelaySettings settings;
    private final RelayObserver observer;
    private final FailurePolicy failurePolicy;

    // Results that are not in the database yet.
    private final List<KeyQueue> accepted = new ArrayList<>();
    private final List<PublishFailure> failures = new ArrayList<>();

    CallResults(
            OutboxRepository repository,
            EventBuffer buffer,
            OutboxReader reader,
            EventParking parking,
            PublishPause pause,
            TargetStateMonitor targetMonitor,
            RelaySettings settings,
            FailurePolicy failurePolicy,
            RelayObserver observer) {
        this.repository = repository;
        this.buffer = buffer;
        this.reader = reader;
        this.parking = parking;
        this.pause = pause;
        this.targetMonitor = targetMonitor;
        this.settings = settings;
        this.observer = observer;
        this.failurePolicy = failurePolicy;
    }

    /// Applies the result of a call. What it changes in the database waits for [#store].
    void apply(List<KeyQueue> call, OutboxTarget.PublishResult result) {
        switch (result) {
            case OutboxTarget.PublishResult.EntryResults(var each) -> applyEntryResults(call, each);
            case OutboxTarget.PublishResult.CallRejected(var rejection) when call.size() == 1 ->
                    applyEntryResults(call, List.of(rejection));
            case OutboxTarget.PublishResult.CallRejected _ -> {
                call.forEach(queue -> queue.isAlone = true);
                call.reversed().forEach(buffer.ready()::addFirst);
            }
            case OutboxTarget.PublishResult.TargetUnavailable(var reason) -> {
                reportNotPublished(call, reason);
                call.forEach(reader::evict);
                beginPause(reason, settings.maxPause());
            }
            case OutboxTarget.PublishResult.CallBlocked(var reason) -> {
                reportNotPublished(call, reason);
                call.forEach(queue -> addFailure(queue, reason, FailureKind.BLOCKED));
                beginPause(reason, settings.maxPause());
            }
        }
    }

    private void applyEntryResults(List<KeyQueue> call, List<OutboxTarget.EntryResult> each) {
        boolean isThrottled = false;
        // An entry that was accepted or rejected for its content shows that the target works.
        boolean hasEntryDecision = false;
        int accepts = 0;
        String failureReason = "";
        for (int i = 0; i < call.size(); i++) {
            var queue = call.get(i);
            switch (each.get(i)) {
                case OutboxTarget.EntryResult.EntryAccepted _ -> {
                    accepts++;
                    accepted.add(queue);
                    hasEntryDecision = true;
                }
                case OutboxTarget.EntryResult.EntryRejected(var reason) -> {
                    observer.onRejected();
                    reportNotPublished(List.of(queue), reason);
                    addFailure(queue, reason, FailureKind.REJECTED);
                    hasEntryDecision = true;
                }
                case OutboxTarget.EntryResult.EntryFailed(var reason) -> {
                    reportNotPublished(List.of(queue), reason);
                    addFailure(queue, reason, FailureKind.FAILED);
                    failureReason = reason;
                }
                case OutboxTarget.EntryResult.EntryBlocked(var reason) -> {
                    reportNotPublished(List.of(queue), reason);
                    addFailure(queue, reason, FailureKind.BLOCKED);
                    failureReason = reason;
                }
                case OutboxTarget.EntryResult.EntryWithheld(var reason) ->
                        addFailure(queue, reason, FailureKind.WITHHELD);
                case OutboxTarget.EntryResult.EntryThrottled _ -> {
                    reader.evict(queue);
                    isThrottled = true;
                }
            }
        }
        observer.onPublished(accepts);
        if (hasEntryDecision) {
            pause.onTargetWorks();
        }
        if (isThrottled) {
            beginPause("throttled", settings.maxPause());
        } else if (!hasEntryDecision && !failureReason.isEmpty()) {
            beginPause(failureReason, MAX_PAUSE_FOR_EVENTS);
        }
    }

    private void reportNotPublished(List<KeyQueue> queues, String reason) {
        observer.onNotPublished(
                queues.stream().map(queue -> queue.head().event()).toList(), reason);
    }

    private void addFailure(KeyQueue queue, String reason, FailureKind kind) {
        failures.add(new PublishFailure(queue, reason, kind));
    }

    /// The cause of a failed call may be that the target was deleted, so its state is checked
    /// before the next one.
    private void beginPause(String reason, Duration longest) {
        observer.onCallFailed();
        if (pause.begin(reason, longest)) {
            reader.readAt(pause.until());
            targetMonitor.requireCheck(pause.until());
        }
    }

    /// Whether results wait to be stored, after the database failed.
    boolean hasUnstored() {
        return !accepted.isEmpty() || !failures.isEmpty();
    }

    /// Stores the results of calls. When the database fails here, the events stay in memory, so
    /// that they are not published again only for that reason.
    void store() {
        if (!accepted.isEmpty()) {
            repository.deletePublished(accepted.stream().map(KeyQueue::head).toList());
            for (var queue : accepted) {
                if (buffer.removeHead(queue)) {
                    reader.evict(queue);
                }
            }
            accepted.clear();
        }
        if (!failures.isEmpty()) {
            storeFailures();
        }
    }

    private void storeFailures() {
        var deferrals = new ArrayList<OutboxRepository.EventDeferral>();
        for (var failure : failures) {
            if (failurePolicy.isFinal(failure)) {
                // Has no effect when the event was parked before the database failed.
                parking.park(
                        failure.queue().head(),
                        failure.queue().token,
                        failure.attempts(),
                        failure.reason());
            } else {
                deferrals.add(failurePolicy.deferralFor(failure));
            }
        }
        if (!deferrals.isEmpty()) {
            repository.defer(deferrals);
            observer.onRetried(deferrals.size());
            deferrals.forEach(this::log);
        }
        failures.forEach(failure -> reader.evict(failure.queue()));
        failures.clear();
    }

    private void log(OutboxRepository.EventDeferral deferral) {
        log.warn(
                "event {} was not published ({}), attempt {} of {}, deferral {}; retrying in {} ms",
                deferral.event().event(),
                deferral.reason(),
                deferral.attempts(),
                settings.maxAttempts(),
                deferral.deferrals(),
                deferral.delay().toMillis());
    }
}
