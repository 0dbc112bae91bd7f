package dev.orderflow.localcloud.eventbridge;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A replay of an archive.
///
/// @param rules ARNs of the selected rules, empty for all rules
record EventReplay(
        String name,
        String arn,
        @Nullable String description,
        EventArchive archive,
        CloudEventBus bus,
        Set<String> rules,
        Instant windowStart,
        Instant windowEnd,
        Instant started,
        ReplayProgress progress) {

    enum ReplayState {
        STARTING,
        RUNNING,
        CANCELLING,
        COMPLETED,
        CANCELLED,
        FAILED
    }

    /// The progress of a replay. One thread replays, others read the state and cancel.
    static final class ReplayProgress {

        private ReplayState state = ReplayState.STARTING;
        private @Nullable String reason;
        private @Nullable Instant lastReplayed;
        private @Nullable Instant ended;

        synchronized ReplayState state() {
            return state;
        }

        /// Moves from STARTING to RUNNING. Returns whether the replay should continue.
        synchronized boolean beginOrContinue() {
            if (state == ReplayState.STARTING) {
                state = ReplayState.RUNNING;
            }
            return state == ReplayState.RUNNING;
        }

        synchronized void recordProgress(Instant time) {
            lastReplayed = time;
        }

        /// Cancels the replay. Returns whether it was active.
        synchronized boolean cancel() {
            if (state != ReplayState.STARTING && state != ReplayState.RUNNING) {
                return false;
            }
            state = ReplayState.CANCELLING;
            return true;
        }

        synchronized void end(Instant now) {
            state = state == ReplayState.CANCELLING ? ReplayState.CANCELLED : ReplayState.COMPLETED;
            ended = now;
        }

        synchronized void fail(String failureReason, Instant now) {
            state = ReplayState.FAILED;
            reason = failureReason;
            ended = now;
        }

        private synchronized void describe(ObjectNode node) {
            node.put("State", state.name());
            if (reason != null) {
                node.put("StateReason", reason);
            }
            if (lastReplayed != null) {
                node.put("EventLastReplayedTime", EventBridgeJson.epochSeconds(lastReplayed));
            }
            if (ended != null) {
                node.put("ReplayEndTime", EventBridgeJson.epochSeconds(ended));
            }
        }
    }

    boolean includesRule(EventRule rule) {
        return rules.isEmpty() || rules.contains(rule.arn());
    }

    ObjectNode toSummary() {
        var node =
                EventBridgeJson.object()
                        .put("ReplayName", name)
                        .put("EventSourceArn", archive.arn())
                        .put("EventStartTime", EventBridgeJson.epochSeconds(windowStart))
                        .put("EventEndTime", EventBridgeJson.epochSeconds(windowEnd))
                        .put("ReplayStartTime", EventBridgeJson.epochSeconds(started));
        progress.describe(node);
        return node;
    }

    ObjectNode toDescription() {
        var node = toSummary().put("ReplayArn", arn);
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
