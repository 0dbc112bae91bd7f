package dev.orderflow.outbox;

import dev.orderflow.outbox.OutboxTarget.TargetState;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Checks whether the target of a relay exists: a target that is missing, such as an event bus that
/// was deleted, could accept events and lose them. Its methods belong to the thread of the relay,
/// except [#state()].
final class TargetStateMonitor {

    private static final Logger log = LoggerFactory.getLogger(TargetStateMonitor.class);

    private final String name;
    private final OutboxTarget target;
    private final Duration interval;
    private final Consumer<TargetState> onChecked;
    private volatile TargetState state = new TargetState.TargetUnknown("not checked yet");

    /// Whether the target was checked since the last failure and is not known to be missing.
    private boolean mayPublish;

    private boolean isChecking;
    private long nextCheck = System.nanoTime();

    /// @param name the name of the target
    /// @param interval the time between two checks
    /// @param onChecked receives the result of each check, on another thread; it must pass it to
    ///     [#apply] on the thread of the relay
    TargetStateMonitor(
            String name, OutboxTarget target, Duration interval, Consumer<TargetState> onChecked) {
        this.name = name;
        this.target = target;
        this.interval = interval;
        this.onChecked = onChecked;
    }

    /// The target's last known state. May be called on any thread.
    TargetState state() {
        return state;
    }

    boolean mayPublish() {
        return mayPublish;
    }

    boolean isChecking() {
        return isChecking;
    }

    /// When the next check is due, by [System#nanoTime()].
    long nextCheck() {
        return nextCheck;
    }

    /// Stops publishing until the target has been checked.
    ///
    /// @param at when to check it, by [System#nanoTime()]
    void requireCheck(long at) {
        mayPublish = false;
        nextCheck = at;
    }

    /// Starts a check on another thread if one is due: a slow response must not delay the renewal
    /// of leases.
    void checkIfDue() {
        if (isChecking || nextCheck - System.nanoTime() > 0) {
            return;
        }
        Thread.ofVirtual().name("outbox-target-check").start(this::check);
        isChecking = true;
    }

    private void check() {
        TargetState found = new TargetState.TargetUnknown("the check was aborted");
        try {
            found =
                    Objects.requireNonNullElse(
                            target.findState(),
                            new TargetState.TargetUnknown("the target returned no state"));
        } catch (RuntimeException | Error unexpected) {
            found = new TargetState.TargetUnknown(OutboxFailureDescription.of(unexpected));
        } finally {
            onChecked.accept(found);
        }
    }

    /// Applies the result of a check.
    void apply(TargetState found) {
        isChecking = false;
        var before = state;
        state = found;
        nextCheck = System.nanoTime() + interval.toNanos();
        switch (found) {
            case TargetState.TargetMissing _ -> {
                mayPublish = false;
                if (!(before instanceof TargetState.TargetMissing)) {
                    log.error(
                            "target {} does not exist; its events wait in the outbox until it does",
                            name);
                }
            }
            case TargetState.TargetExists _ -> {
                mayPublish = true;
                if (before instanceof TargetState.TargetMissing) {
                    log.info("target {} exists again; publishing resumes", name);
                }
            }
            case TargetState.TargetUnknown(var reason) -> {
                // Publishing continues: only a target that is certainly missing would accept events
                // and lose them. A target that was missing stays missing until a check finds it.
                mayPublish = !(before instanceof TargetState.TargetMissing);
                state = mayPublish ? found : before;
                if (!(before instanceof TargetState.TargetUnknown)) {
                    log.warn("cannot check whether target {} exists: {}", name, reason);
                }
            }
        }
    }
}
