package dev.orderflow.order.progress;

import dev.orderflow.order.domain.OrderState;

/// What became of a report.
public sealed interface ProgressResult {

    /// The order moved on.
    record OrderMoved(OrderState to) implements ProgressResult {}

    /// The report was heard before, or tells what is known.
    record AlreadyApplied() implements ProgressResult {}

    /// The order is further on; the report is in its timeline.
    record LateReport() implements ProgressResult {}

    /// The report contradicts what is known; its order needs attention and an alarm is counted.
    record OutOfOrderReport(String reason) implements ProgressResult {}

    /// There is no such order, so the message belongs where a person sees it. Nothing was stored.
    record UnknownOrder() implements ProgressResult {}
}
