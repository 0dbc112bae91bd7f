package dev.orderflow.defaults.confirmations;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRole;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An action of an operator that a second person must confirm.
///
/// @param action the name of its [ConfirmableAction]
/// @param target what it changes: an order, a queue
/// @param description what it does, for the second person
/// @param request the parameters of the action, as JSON
/// @param requestedBy the subject of the operator who requested it
/// @param expiresAt the end of the time to confirm it
/// @param confirmedBy the subject of the second person
/// @param outcome `done`, or why the confirmed action was refused; absent before
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WaitingAction(
        UUID id,
        String action,
        String target,
        String description,
        @JsonIgnore String request,
        String requestedBy,
        String requestedByName,
        Instant requestedAt,
        Instant expiresAt,
        @Nullable String confirmedBy,
        @Nullable String confirmedByName,
        @Nullable Instant confirmedAt,
        @Nullable String outcome) {

    /// The person who requested it, with the role that the request needed.
    public Operator requester() {
        return new Operator(requestedBy, requestedByName, Set.of(OperatorRole.OPERATOR));
    }

    /// The second person.
    ///
    /// @throws NullPointerException if the action is not confirmed yet
    public Operator confirmer() {
        return new Operator(
                Objects.requireNonNull(confirmedBy),
                Objects.requireNonNull(confirmedByName),
                Set.of(OperatorRole.APPROVER));
    }
}
