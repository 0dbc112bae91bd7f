package dev.orderflow.localcloud.stepfunctions;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The history of an execution, in order. Guarded by the lock of the execution.
final class ExecutionHistory {

    /// [AWS's quota](https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html) for
    /// one execution.
    static final int LIMIT = 25_000;

    private final List<HistoryEvent> events = new ArrayList<>();
    private final Clock clock;

    ExecutionHistory(Clock clock) {
        this.clock = clock;
    }

    /// @param id consecutive, from 1
    /// @param previousId preceding event in the same branch
    /// @param detailsField such as `taskFailedEventDetails`, null for an event without details
    /// @param details JSON text, which needs far less memory than a tree
    record HistoryEvent(
            long id,
            long previousId,
            Instant at,
            String type,
            @Nullable String detailsField,
            String details) {}

    /// The history is full; the execution fails.
    static final class HistoryFullException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        HistoryFullException() {
            super("history is full", null, false, false);
        }
    }

    /// Appends an event that is not the last one.
    ///
    /// @throws HistoryFullException if only the last event still fits
    HistoryEvent add(
            long previousId, String type, @Nullable String detailsField, ObjectNode details) {
        if (events.size() >= LIMIT - 1) {
            throw new HistoryFullException();
        }
        return last(previousId, type, detailsField, details);
    }

    /// Appends an event even if the history is full.
    HistoryEvent last(
            long previousId, String type, @Nullable String detailsField, ObjectNode details) {
        var event =
                new HistoryEvent(
                        events.size() + 1L,
                        previousId,
                        clock.instant(),
                        type,
                        detailsField,
                        detailsField == null ? "" : StepFunctionsJson.text(details));
        events.add(event);
        return event;
    }

    /// Appends an event that is its own predecessor, as AWS does for failed evaluations.
    ///
    /// @throws HistoryFullException if only the last event still fits
    HistoryEvent addOwnPredecessor(String type, String detailsField, ObjectNode details) {
        return add(events.size() + 1L, type, detailsField, details);
    }

    List<HistoryEvent> events() {
        return List.copyOf(events);
    }

    /// Event details with a payload, and AWS's note that it is not truncated.
    static ObjectNode payload(ObjectNode details, String field, JsonNode value) {
        return payload(details, field, StepFunctionsJson.text(value));
    }

    static ObjectNode payload(ObjectNode details, String field, String text) {
        details.put(field, text);
        details.putObject(field + "Details").put("truncated", false);
        return details;
    }

    /// Event details with an error and a cause, as far as they exist.
    static ObjectNode failure(ObjectNode details, @Nullable String error, @Nullable String cause) {
        if (error != null) {
            details.put("error", error);
        }
        if (cause != null) {
            details.put("cause", cause);
        }
        return details;
    }
}
