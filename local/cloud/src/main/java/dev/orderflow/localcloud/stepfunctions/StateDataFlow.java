package dev.orderflow.localcloud.stepfunctions;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// How data goes into, through and out of one state, in the state's query language.
///
/// Made anew for each attempt at a state, so what it reads never changes under it.
sealed interface StateDataFlow permits JsonataDataFlow, JsonPathDataFlow {

    /// AWS fails a wait that is longer than this many seconds.
    long LONGEST_WAIT = Integer.MAX_VALUE;

    static StateDataFlow of(
            AslState.StateHead head,
            JsonNode rawInput,
            JsonNode context,
            Map<String, JsonNode> variables) {
        return switch (head.language()) {
            case JSONATA -> new JsonataDataFlow(head, rawInput, context, variables);
            case JSONPATH -> new JsonPathDataFlow(head, rawInput, context, variables);
        };
    }

    /// What a state hands on, and the variables it sets.
    record StateOutput(JsonNode output, Map<String, JsonNode> variables) {}

    /// What a Task calls its integration with, and what a Parallel's branches start with.
    JsonNode arguments();

    /// The result of a Pass state.
    JsonNode passResult();

    /// What the state hands on after its work gave `result`.
    StateOutput resultOutput(JsonNode result);

    /// What a state that does no work (Wait, Succeed) hands on.
    StateOutput passThroughOutput();

    /// What a catcher hands on.
    StateOutput catchOutput(AslState.Catcher catcher, JsonNode errorOutput);

    /// Whether a rule of a Choice holds.
    boolean matches(AslState.ChoiceRule rule);

    /// What a Choice hands on by a rule, or by its `Default` where there is none.
    StateOutput choiceOutput(AslState.@Nullable ChoiceRule rule);

    /// `TimeoutSeconds` or `HeartbeatSeconds` in whichever form it is written, null without it.
    @Nullable Duration seconds(String field);

    /// How long a Wait waits.
    Duration waitDuration(Instant now);

    /// The error and cause of a Fail, each null without it.
    @Nullable String failText(String field);

    /// What a Map goes through.
    ArrayNode items();

    /// What one iteration of a Map starts with.
    ///
    /// @param context with the item in it
    JsonNode itemInput(JsonNode item, JsonNode context);

    /// `MaxConcurrency`, 0 without it.
    int maxConcurrency();
}
