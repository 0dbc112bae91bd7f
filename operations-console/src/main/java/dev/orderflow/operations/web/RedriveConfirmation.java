package dev.orderflow.operations.web;

import dev.orderflow.defaults.confirmations.ConfirmableAction;
import dev.orderflow.defaults.confirmations.WaitingAction;
import dev.orderflow.operations.bulkactions.BulkActionService;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/// Starts redrives, discards and dismissals that a second person has confirmed.
@Component
class RedriveConfirmation implements ConfirmableAction {

    private final BulkActionService bulkActions;

    RedriveConfirmation(BulkActionService bulkActions) {
        this.bulkActions = bulkActions;
    }

    @Override
    public String name() {
        return BulkActionService.ACTION;
    }

    @Override
    public ResponseEntity<?> execute(WaitingAction action) {
        return RedriveBody.respond(bulkActions.execute(action));
    }
}
