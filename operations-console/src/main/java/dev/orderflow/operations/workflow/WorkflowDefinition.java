package dev.orderflow.operations.workflow;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The states of a state machine and how they follow each other, read from its definition in the
/// [Amazon States Language](https://states-language.net/spec.html).
///
/// @param states by name, in the sequence of the definition
/// @param approvalTimeLimit how long an order may wait for its approval; empty when no state waits
///     for one, or one without a limit
public record WorkflowDefinition(
        String startAt, Map<String, WorkflowState> states, Optional<Duration> approvalTimeLimit) {

    /// The command that requests an approval.
    private static final String APPROVAL = "ApproveOrder";

    /// A state.
    ///
    /// @param next the states that follow, without errors
    /// @param caught the states that follow an error
    public record WorkflowState(String type, List<String> next, List<String> caught) {}

    /// Reads a definition.
    static WorkflowDefinition parse(String json) {
        var definition = JsonMapper.shared().readTree(json);
        var states = new LinkedHashMap<String, WorkflowState>();
        for (var state : definition.path("States").properties()) {
            states.put(state.getKey(), toState(state.getValue()));
        }
        return new WorkflowDefinition(
                definition.path("StartAt").asString(""),
                states,
                definition
                        .path("States")
                        .valueStream()
                        .filter(state -> hasValue(state, "command", APPROVAL))
                        .map(state -> state.path("TimeoutSeconds"))
                        .filter(JsonNode::isIntegralNumber)
                        .map(seconds -> Duration.ofSeconds(seconds.longValue()))
                        .findFirst());
    }

    private static boolean hasValue(JsonNode state, String field, String value) {
        return state.findValues(field).stream().anyMatch(it -> it.asString("").equals(value));
    }

    private static WorkflowState toState(JsonNode state) {
        var next = new LinkedHashSet<String>();
        state.path("Choices").valueStream().map(WorkflowDefinition::nextOf).forEach(next::add);
        Stream.of(state.path("Default").asString(""), nextOf(state)).forEach(next::add);
        next.remove("");
        var caught =
                state.path("Catch")
                        .valueStream()
                        .map(WorkflowDefinition::nextOf)
                        .distinct()
                        .toList();
        return new WorkflowState(state.path("Type").asString(""), List.copyOf(next), caught);
    }

    private static String nextOf(JsonNode node) {
        return node.path("Next").asString("");
    }

    /// The states on the way without errors, from the first on; of several, the first choice comes
    /// first.
    List<String> mainPath() {
        var path = new ArrayList<String>();
        follow(startAt, path, new LinkedHashSet<>());
        return path;
    }

    private void follow(String name, List<String> path, Set<String> seen) {
        var state = states.get(name);
        if (state == null || !seen.add(name)) {
            return;
        }
        path.add(name);
        state.next().forEach(next -> follow(next, path, seen));
    }
}
