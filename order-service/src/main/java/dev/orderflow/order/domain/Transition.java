package dev.orderflow.order.domain;

/// The meaning of a [WorkflowReport] for an order in some [OrderState].
public sealed interface Transition {

    /// The order moves to another state.
    record Moved(OrderState to) implements Transition {}

    /// The order already is in the reported state.
    record Unchanged() implements Transition {}

    /// The report is true but late: the order has already moved further. It is added to the
    /// timeline only.
    record Late() implements Transition {}

    /// The report contradicts the state of the order. The order stays as it is and gets a work
    /// item.
    ///
    /// @param reason the contradiction in words, for the operator
    record OutOfOrder(String reason) implements Transition {}
}
