package dev.orderflow.defaults.confirmations;

import dev.orderflow.defaults.problem.Problem;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/// A kind of action that a second person must confirm.
public interface ConfirmableAction {

    /// The name under which it is stored.
    String name();

    /// Executes a confirmed action. It may be called again with the same [WaitingAction#id] when an
    /// earlier execution ended without a result, and must then have no further effect.
    ///
    /// @return the response to the second person
    /// @throws Problem as the endpoint of the action does: after a refusal that [#isFinal] the
    ///     action is completed, otherwise it can be confirmed again until its time limit
    ResponseEntity<?> execute(WaitingAction action);

    /// Whether another confirmation cannot change this refusal: all 4xx except 409.
    default boolean isFinal(Problem refusal) {
        var status = refusal.getStatusCode();
        return status.is4xxClientError() && status.value() != HttpStatus.CONFLICT.value();
    }
}
