package dev.orderflow.operations.pages;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.operations.workitems.WorkItemsClient.OpenWorkItemPage;
import java.util.List;
import java.util.Optional;

/// The open work items.
///
/// @param done what the reader has just done
/// @param kind the kind that is shown; empty for all
public record WorkItemsPage(
        PageContext context, Optional<String> done, Optional<String> kind, OpenWorkItemPage items) {

    /// The kinds, as order-service names them.
    public static final List<String> KINDS =
            List.of(
                    "WORKFLOW_FAILED",
                    "COMPENSATION_FAILED",
                    "OUT_OF_ORDER",
                    "EVENT_PARKED",
                    "STUCK");

    /// Whether the reader may resolve them.
    public boolean mayResolve() {
        return context.may(OperatorRole.OPERATOR);
    }

    /// The address of the next page.
    public Optional<String> next() {
        return items.next()
                .map(
                        cursor ->
                                "/work-items?cursor=%s%s"
                                        .formatted(
                                                cursor,
                                                kind.map("&kind=%s"::formatted).orElse("")));
    }
}
