package dev.orderflow.order.domain;

import java.util.UUID;

/// Opens work items: orders that an operator must look at.
public interface WorkItems {

    /// Opens a work item for an order and logs it. There is at most one open item for each order
    /// and kind: the same reason again changes nothing, another reason replaces the earlier one. A
    /// final state resolves [WorkItemKind#WORKFLOW_FAILED], and any transition resolves
    /// [WorkItemKind#STUCK]; the other kinds stay open until an operator resolves them. No
    /// [WorkItemKind#STUCK] item is opened for an order that is final by now.
    ///
    /// @param reason the cause, for the operator; no payload and no personal data
    /// @return false when nothing changed or there is no such order
    boolean open(UUID orderId, WorkItemKind kind, String reason);
}
