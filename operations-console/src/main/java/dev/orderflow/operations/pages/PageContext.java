package dev.orderflow.operations.pages;

import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRole;
import java.time.Instant;

/// What every page needs to know of its request.
///
/// @param operator who reads it
/// @param csrf the CSRF token for its forms
/// @param theme `light`, `dark` or `system`
/// @param path the path of the request, for the navigation
/// @param url the path with the query, for links that return here
/// @param now when it was requested; ages count from it
/// @param hasWorkbench whether this console has a workbench
public record PageContext(
        Operator operator,
        String csrf,
        String theme,
        String path,
        String url,
        Instant now,
        boolean hasWorkbench) {

    /// Whether the operator may do what this role may.
    public boolean may(OperatorRole role) {
        return operator.hasRole(role);
    }

    /// Whether a path is this page, or the beginning of its path.
    public boolean isAt(String other) {
        return other.equals("/")
                ? path.equals("/")
                : path.equals(other) || path.startsWith(other + "/");
    }
}
