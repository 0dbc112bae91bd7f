package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.stepfunctions.Diagnostic.Code;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// The transitions between the states of one graph, to find missing targets and unreachable
/// states.
final class TransitionGraph {

    private final String location;
    private final DiagnosticCollector diagnostics;
    private final Set<String> states = new LinkedHashSet<>();
    private final Map<String, Map<String, String>> targets = new LinkedHashMap<>();
    private boolean terminal;

    /// @param location location of the enclosing object in the definition
    TransitionGraph(DiagnosticCollector diagnostics, String location) {
        this.diagnostics = diagnostics;
        this.location = location;
    }

    void addState(String name) {
        states.add(name);
    }

    /// Adds a transition.
    ///
    /// @param at location of the field that names the target
    void addTransition(String from, String to, String at) {
        targets.computeIfAbsent(from, _ -> new LinkedHashMap<>()).put(at, to);
    }

    /// Records that a state ends the graph.
    void addTerminal() {
        terminal = true;
    }

    /// Reports missing targets, a missing end and unreachable states.
    void validate(String startAt) {
        if (!states.contains(startAt)) {
            diagnostics.add(
                    Code.MISSING_TRANSITION_TARGET,
                    "Missing 'Next' target: " + startAt,
                    location + "/StartAt");
        }
        for (Map<String, String> of : targets.values()) {
            for (Map.Entry<String, String> target : of.entrySet()) {
                if (!states.contains(target.getValue())) {
                    diagnostics.add(
                            Code.MISSING_TRANSITION_TARGET,
                            "Missing 'Next' target: " + target.getValue(),
                            target.getKey());
                }
            }
        }
        if (!terminal) {
            diagnostics.add(Code.MISSING_END_STATE, "Workflow has no terminal state", null);
            return;
        }
        Set<String> reached = new HashSet<>();
        var open = new ArrayDeque<String>();
        open.add(startAt);
        while (!open.isEmpty()) {
            String at = open.remove();
            if (states.contains(at) && reached.add(at)) {
                open.addAll(targets.getOrDefault(at, Map.of()).values());
            }
        }
        for (String state : states) {
            if (!reached.contains(state)) {
                diagnostics.add(
                        Code.MISSING_TRANSITION_TARGET,
                        "State \"%s\" is not reachable.".formatted(state),
                        location + "/States/" + state);
            }
        }
    }
}
