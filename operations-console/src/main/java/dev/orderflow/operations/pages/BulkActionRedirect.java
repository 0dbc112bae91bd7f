package dev.orderflow.operations.pages;

import dev.orderflow.operations.bulkactions.BulkActionService.BulkActionResult;
import dev.orderflow.operations.session.MessagePages.MessagePage;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/// Leads to the page that shows the result of a redrive, a discard, a dismissal or an edit.
final class BulkActionRedirect {

    private BulkActionRedirect() {}

    /// @throws MessagePageException 409 when another redrive runs on the same target
    static ResponseEntity<Void> of(BulkActionResult result) {
        return switch (result) {
            case BulkActionResult.ActionStarted(var redrive) ->
                    PageRedirect.to("/redrives/" + redrive.id());
            case BulkActionResult.ActionWaiting _ -> PageRedirect.done("/approvals", "requested");
            case BulkActionResult.TargetBusy(var other) ->
                    throw new MessagePageException(
                            new MessagePage(
                                    HttpStatus.CONFLICT,
                                    "Another redrive is running",
                                    "%s has a running redrive, started by %s. Nothing was done."
                                            .formatted(other.target(), other.operatorName()),
                                    "To the running redrive",
                                    "/redrives/" + other.id()));
        };
    }
}
