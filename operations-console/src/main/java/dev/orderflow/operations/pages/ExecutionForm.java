package dev.orderflow.operations.pages;

import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.operations.redrive.RedriveSelection;
import dev.orderflow.operations.redrive.RedriveTask.RedriveAction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a redrive or a dismissal of failed executions selects, as the parameters of an address.
///
/// @param values by parameter, without empty ones
public record ExecutionForm(Map<String, String> values) {

    private static final String NAME = "[A-Za-z0-9_-]{1,80}";
    private static final String PLAIN = "[\\x20-\\x7E]{1,200}";

    /// @param parameters of the request
    static ExecutionForm of(Map<String, String> parameters) {
        var values = new TreeMap<String, String>();
        for (var name : List.of("action", "execution", "group", "status", "error", "endedBefore")) {
            var value = parameters.getOrDefault(name, "").strip();
            if (!value.isEmpty()) {
                values.put(name, value);
            }
        }
        return new ExecutionForm(values);
    }

    /// A value; empty for none.
    public String value(String name) {
        return values.getOrDefault(name, "");
    }

    /// What is done: a redrive, unless the form says otherwise.
    ///
    /// @throws Problem 400 when there is no such action
    public RedriveAction action() {
        return switch (value("action")) {
            case "", "redrive" -> RedriveAction.REDRIVE;
            case "dismiss" -> RedriveAction.DISMISS;
            default -> throw Problem.invalid("action", "must be redrive or dismiss");
        };
    }

    /// The selected executions.
    ///
    /// @throws Problem 400 when a value is invalid
    RedriveSelection selection() {
        require(
                "execution",
                NAME,
                "must be the name of an execution, which is the id of its order");
        require("group", PLAIN, "must be a group of the list");
        require("status", "FAILED|TIMED_OUT|ABORTED", "must be FAILED, TIMED_OUT or ABORTED");
        require("error", PLAIN, "must be printable ASCII characters");
        if (values.containsKey("execution")) {
            return new RedriveSelection.NamedItems(List.of(value("execution")));
        }
        if (values.containsKey("group")) {
            return new RedriveSelection.ItemGroup(value("group"));
        }
        var status = optional("status");
        var error = optional("error");
        var endedBefore =
                optional("endedBefore").map(text -> RedriveForm.toInstant("endedBefore", text));
        return status.isEmpty() && error.isEmpty() && endedBefore.isEmpty()
                ? new RedriveSelection.AllItems()
                : new RedriveSelection.MatchingItems(status, error, Optional.empty(), endedBefore);
    }

    private Optional<String> optional(String name) {
        return Optional.ofNullable(values.get(name));
    }

    private void require(String name, String pattern, String rule) {
        if (values.containsKey(name) && !value(name).matches(pattern)) {
            throw Problem.invalid(name, rule);
        }
    }
}
