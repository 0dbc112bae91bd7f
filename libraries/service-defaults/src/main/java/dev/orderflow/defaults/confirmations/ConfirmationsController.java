package dev.orderflow.defaults.confirmations;

import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForOperators;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Lists and confirms the actions that wait for a second person.
@RestController
@RequestMapping(path = "/internal/confirmations", produces = "application/json")
class ConfirmationsController {

    private static final int PAGE_SIZE = 200;

    private final WaitingActions waiting;
    private final Map<String, ConfirmableAction> actions;

    ConfirmationsController(WaitingActions waiting, List<ConfirmableAction> actions) {
        this.waiting = waiting;
        this.actions =
                actions.stream()
                        .collect(Collectors.toMap(ConfirmableAction::name, Function.identity()));
    }

    /// The oldest actions that wait, 200 at most.
    record WaitingActionPage(List<WaitingAction> actions) {}

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping
    WaitingActionPage list() {
        return new WaitingActionPage(waiting.findWaiting(PAGE_SIZE));
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/{id}")
    WaitingAction get(@PathVariable UUID id) {
        return waiting.find(id).orElseThrow(() -> notFound(id));
    }

    /// Confirms an action and executes it. The response is that of the action.
    @ForOperators(OperatorRole.APPROVER)
    @PostMapping("/{id}/confirmation")
    ResponseEntity<?> confirm(@PathVariable UUID id, Operator operator) {
        var requested = waiting.find(id).orElseThrow(() -> notFound(id));
        if (!waiting.confirm(id, operator)) {
            throw refusal(requested, operator);
        }
        try {
            var response = actionOf(requested).execute(get(id));
            waiting.endExecution(id, WaitingActions.DONE);
            return response;
        } catch (Problem refusal) {
            var status = refusal.getStatusCode();
            waiting.endExecution(
                    id,
                    status.is4xxClientError() && status.value() != HttpStatus.CONFLICT.value()
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
            return Problem.of(
                            HttpStatus.CONFLICT, "confirmation-expired", "Time to confirm is over")
                    .detail("Nothing was done. Request the action again.")
                    .with("id", id);
        }
        var now = get(id);
        return now.outcome() == null
                ? Problem.of(
                                HttpStatus.CONFLICT,
                                "confirmation-in-progress",
                                "The action is being executed")
                        .detail("It was confirmed by %s.".formatted(now.confirmedByName()))
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
                        HttpStatus.NOT_FOUND, "waiting-action-not-found", "No such waiting action")
                .with("id", id);
    }
}
