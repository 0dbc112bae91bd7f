package dev.orderflow.localcloud.stepfunctions;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// The data flow into, through and out of one state, in its query language.
///
/// Created for each attempt at a state, so its values do not change.
sealed interface StateDataFlow permits JsonataDataFlow, JsonPathDataFlow {

    /// The maximum wait in seconds; AWS fails a longer one.
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

    /// The output of a state, and the variables it assigns.
    record StateOutput(JsonNode output, Map<String, JsonNode> variables) {}

    /// The arguments of a Task's integration, and the input of a Parallel's branches.
    JsonNode arguments();

    /// The result of a Pass state.
    JsonNode passResult();

    /// The output of the state for the result of its work.
    StateOutput resultOutput(JsonNode result);

    /// The output of a state without work (Wait, Succeed).
    StateOutput passThroughOutput();

    /// The output of a catcher.
    StateOutput catchOutput(AslState.Catcher catcher, JsonNode errorOutput);

    /// Whether a rule of a Choice matches.
    boolean matches(AslState.ChoiceRule rule);

    /// The output of a Choice for a rule, or for its `Default` when null.
    StateOutput choiceOutput(AslState.@Nullable ChoiceRule rule);

    /// `TimeoutSeconds` or `HeartbeatSeconds` in either form, null when absent.
    @Nullable Duration seconds(String field);

    /// The duration of a Wait.
    Duration waitDuration(Instant now);

    /// The error and cause of a Fail, each null when absent.
    @Nullable String failText(String field);

    /// The items of a Map.
    ArrayNode items();

    /// The input of one iteration of a Map.
    ///
    /// @param context context object with the item
    JsonNode itemInput(JsonNode item, JsonNode context);

    /// `MaxConcurrency`, 0 when absent.
    int maxConcurrency();
}
