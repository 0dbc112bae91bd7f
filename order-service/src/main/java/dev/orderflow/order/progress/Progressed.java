package dev.orderflow.order.progress;

import dev.orderflow.order.domain.State;

/// What became of a report.
public sealed interface Progressed {

    /// The order moved on.
    record Moved(State to) implements Progressed {}

    /// The report was heard before, or tells what is known.
    record AlreadyKnown() implements Progressed {}

    /// The order is further on; the report is in its timeline.
    record Late() implements Progressed {}

    /// The report contradicts what is known; its order needs attention and an alarm is counted.
    record OutOfTurn(String reason) implements Progressed {}

    /// There is no such order, so the message belongs where a person sees it. Nothing was stored.
    record UnknownOrder() implements Progressed {}
}
