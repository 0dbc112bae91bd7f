package dev.orderflow.operations.pages;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.operations.outbox.ParkedEventsClient.ParkedEventView;
import dev.orderflow.operations.outbox.ParkedEventsClient.ParkedReasonView;
import java.util.List;
import java.util.Optional;

/// The parked events of the outbox.
///
/// @param done what the reader has just done
/// @param events the oldest ones
public record OutboxPage(
        PageContext context,
        Optional<String> done,
        List<ParkedReasonView> reasons,
        List<ParkedEventView> events) {

    /// Whether the reader may release them.
    public boolean mayRelease() {
        return context.may(OperatorRole.OPERATOR);
    }
}
