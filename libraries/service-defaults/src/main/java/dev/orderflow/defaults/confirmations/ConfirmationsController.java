package dev.orderflow.defaults.confirmations;

import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRequest;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.security.ForOperators;
import java.util.List;
import java.util.UUID;
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

    private final Confirmations confirmations;

    ConfirmationsController(Confirmations confirmations) {
        this.confirmations = confirmations;
    }

    /// The oldest actions that wait, 200 at most.
    record WaitingActionPage(List<WaitingAction> actions) {}

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping
    WaitingActionPage list() {
        return new WaitingActionPage(confirmations.findWaiting());
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/{id}")
    WaitingAction get(@PathVariable UUID id) {
        return confirmations.get(id);
    }

    /// Confirms an action and executes it. The response is that of the action.
    @ForOperators(value = OperatorRole.APPROVER, action = "CONFIRM_ACTION")
    @PostMapping("/{id}/confirmation")
    ResponseEntity<?> confirm(@PathVariable UUID id, Operator operator, OperatorRequest request) {
        var action = confirmations.get(id);
        request.describe(
                action.target(),
                null,
                "%s, requested by %s".formatted(action.description(), action.requestedByName()));
        return confirmations.confirm(id, operator);
    }
}
