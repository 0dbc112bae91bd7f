package dev.orderflow.order.progress;

import dev.orderflow.order.domain.OrderState;

/// The result of applying a report.
public sealed interface ProgressResult {

    /// The order moved to another state.
    record OrderMoved(OrderState to) implements ProgressResult {}

    /// The report was applied before, or the order already is in the reported state.
    record AlreadyApplied() implements ProgressResult {}

    /// The order has already moved further; the report was added to its timeline.
    record LateReport() implements ProgressResult {}

    /// The report contradicts the state of the order: a work item was opened and the alarm's meter
    /// incremented.
    record OutOfOrderReport(String reason) implements ProgressResult {}

    /// There is no such order, so the message belongs into the dead-letter queue. Nothing was
    /// stored.
    record UnknownOrder() implements ProgressResult {}
}
