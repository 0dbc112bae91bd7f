package dev.orderflow.defaults.confirmations;

import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.tracing.RedactedException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/// Lists and confirms the actions of this service that wait for a second person.
public final class Confirmations {

    private static final Logger log = LoggerFactory.getLogger(Confirmations.class);
    private static final int MAX_LISTED = 200;
    private static final int MAX_INTERRUPTED = 10;

    private final WaitingActions waiting;
    private final Map<String, ConfirmableAction> actions;

    Confirmations(WaitingActions waiting, List<ConfirmableAction> actions) {
        this.waiting = waiting;
        this.actions =
                actions.stream()
                        .collect(Collectors.toMap(ConfirmableAction::name, Function.identity()));
    }

    /// The oldest actions that wait, 200 at most.
    public List<WaitingAction> findWaiting() {
        return waiting.findWaiting(MAX_LISTED);
    }

    /// An action that waits or was confirmed.
    ///
    /// @throws Problem 404 when there is none with this id
    public WaitingAction get(UUID id) {
        return waiting.find(id).orElseThrow(() -> notFound(id));
    }

    /// Confirms an action and executes it.
    ///
    /// @return the response of the action
    /// @throws Problem 403 when it is the operator's own; 404 when there is none; 409 when it has
    ///     expired, is being executed or was confirmed before; or the refusal of the action
    public ResponseEntity<?> confirm(UUID id, Operator operator) {
        var requested = get(id);
        if (!waiting.confirm(id, operator)) {
            throw refusal(requested, operator);
        }
        return execute(get(id));
    }

    /// Executes actions whose execution was interrupted because their instance stopped.
    void executeInterrupted() {
        for (var action : waiting.takeInterrupted(MAX_INTERRUPTED)) {
            log.info("confirmed action {} was interrupted; it is executed again", action.id());
            try {
                execute(action);
            } catch (Problem refusal) {
                log.warn(
                        "confirmed action {} was refused: {}",
                        action.id(),
                        refusal.getBody().getTitle());
            } catch (RuntimeException failure) {
                log.warn(
                        "confirmed action {} failed; it waits for another confirmation",
                        action.id(),
                        RedactedException.of(failure));
            }
        }
    }

    /// Executes an action whose lease this instance holds. After a final refusal it is completed;
    /// otherwise a person can confirm it again until its time limit.
    private ResponseEntity<?> execute(WaitingAction action) {
        var id = action.id();
        try {
            var response = actionOf(action).execute(action);
            waiting.endExecution(id, WaitingActions.DONE);
            return response;
        } catch (Problem refusal) {
            waiting.endExecution(
                    id,
                    actionOf(action).isFinal(refusal)
                            ? "refused: " + refusal.getBody().getTitle()
                            : null);
            throw refusal;
        } catch (RuntimeException failure) {
            waiting.endExecution(id, null);
            throw failure;
        }
    }

    private ConfirmableAction actionOf(WaitingAction requested) {
        return Objects.requireNonNull(
                actions.get(requested.action()), "no action is called " + requested.action());
    }

    private Problem refusal(WaitingAction requested, Operator operator) {
        var id = requested.id();
        if (requested.requestedBy().equals(operator.subject())) {
            return Problem.of(
                            HttpStatus.FORBIDDEN, "own-confirmation", "A second person is required")
                    .detail("You requested this yourself; another person must confirm it.")
                    .with("id", id);
        }
        if (waiting.hasExpired(id)) {
            return Problem.of(HttpStatus.CONFLICT, "confirmation-expired", "Confirmation expired")
                    .detail("Nothing was done. Request the action again.")
                    .with("id", id);
        }
        var now = get(id);
        return now.outcome() == null
                ? Problem.of(
                                HttpStatus.CONFLICT,
                                "confirmation-in-progress",
                                "The action is being executed")
                        .detail(
                                now.confirmedByName() == null
                                        ? "Its execution has just failed. Confirm it again."
                                        : "It was confirmed by %s."
                                                .formatted(now.confirmedByName()))
                        .with("id", id)
                        .retryAfter(Duration.ofSeconds(5))
                : Problem.of(HttpStatus.CONFLICT, "already-confirmed", "Already confirmed")
                        .detail(
                                "It was confirmed by %s: %s."
                                        .formatted(now.confirmedByName(), now.outcome()))
                        .with("id", id);
    }

    private static Problem notFound(UUID id) {
        return Problem.of(
                        HttpStatus.NOT_FOUND,
                        "waiting-action-not-found",
                        "Waiting action not found")
                .with("id", id);
    }
}
