package dev.orderflow.defaults.confirmations;

import org.springframework.http.ResponseEntity;

/// A kind of action that a second person must confirm.
public interface ConfirmableAction {

    /// The name under which it is stored.
    String name();

    /// Executes a confirmed action. It may be called again with the same [WaitingAction#id] when an
    /// earlier execution ended without a result, and must then have no further effect.
    ///
    /// @return the response to the second person
    /// @throws dev.orderflow.defaults.problem.Problem as the endpoint of the action does: after 4xx
    ///     except 409 the action is completed, otherwise it can be confirmed again
    ResponseEntity<?> execute(WaitingAction action);
}
