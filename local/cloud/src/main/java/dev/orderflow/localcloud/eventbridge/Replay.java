package dev.orderflow.localcloud.eventbridge;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// One replay of an archive.
///
/// @param rules the ARNs of the rules it is for, empty for all
record Replay(
        String name,
        String arn,
        @Nullable String description,
        Archive archive,
        EventBus bus,
        Set<String> rules,
        Instant windowStart,
        Instant windowEnd,
        Instant started,
        Progress progress) {

    enum State {
        STARTING,
        RUNNING,
        CANCELLING,
        COMPLETED,
        CANCELLED,
        FAILED
    }

    /// Where it is. One thread replays, others look and cancel.
    static final class Progress {

        private State state = State.STARTING;
        private @Nullable String reason;
        private @Nullable Instant lastReplayed;
        private @Nullable Instant ended;

        synchronized State state() {
            return state;
        }

        /// Whether it may go on.
        synchronized boolean run() {
            if (state == State.STARTING) {
                state = State.RUNNING;
            }
            return state == State.RUNNING;
        }

        synchronized void replayed(Instant time) {
            lastReplayed = time;
        }

        /// Whether there was something to cancel.
        synchronized boolean cancel() {
            if (state != State.STARTING && state != State.RUNNING) {
                return false;
            }
            state = State.CANCELLING;
            return true;
        }

        synchronized void end(Instant now) {
            state = state == State.CANCELLING ? State.CANCELLED : State.COMPLETED;
            ended = now;
        }

        synchronized void fail(String why, Instant now) {
            state = State.FAILED;
            reason = why;
            ended = now;
        }

        private synchronized void describe(ObjectNode node) {
            node.put("State", state.name());
            if (reason != null) {
                node.put("StateReason", reason);
            }
            if (lastReplayed != null) {
                node.put("EventLastReplayedTime", Json.epochSeconds(lastReplayed));
            }
            if (ended != null) {
                node.put("ReplayEndTime", Json.epochSeconds(ended));
            }
        }
    }

    boolean isFor(Rule rule) {
        return rules.isEmpty() || rules.contains(rule.arn());
    }

    ObjectNode listed() {
        var node =
                Json.object()
                        .put("ReplayName", name)
                        .put("EventSourceArn", archive.arn())
                        .put("EventStartTime", Json.epochSeconds(windowStart))
                        .put("EventEndTime", Json.epochSeconds(windowEnd))
                        .put("ReplayStartTime", Json.epochSeconds(started));
        progress.describe(node);
        return node;
    }

    ObjectNode described() {
        var node = listed().put("ReplayArn", arn);
        if (description != null) {
            node.put("Description", description);
        }
        var destination = node.putObject("Destination").put("Arn", bus.arn());
        if (!rules.isEmpty()) {
            var list = destination.putArray("FilterArns");
            rules.forEach(list::add);
        }
        return node;
    }
}
