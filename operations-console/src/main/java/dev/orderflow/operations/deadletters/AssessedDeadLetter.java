package dev.orderflow.operations.deadletters;

import dev.orderflow.operations.deadletters.MessageEdits.MessageEdit;
import dev.orderflow.operations.orders.OrderSnapshot;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// A dead letter, compared with the current state of its order.
///
/// @param edit the edit of the message, if there is one
record AssessedDeadLetter(DeadLetter message, OrderSnapshot order, Optional<MessageEdit> edit) {

    /// @param orders finds the state of an order
    static AssessedDeadLetter of(
            DeadLetter message, Function<UUID, OrderSnapshot> orders, Optional<MessageEdit> edit) {
        return new AssessedDeadLetter(
                message,
                message.contents()
                        .orderId()
                        .map(orders)
                        .orElseGet(OrderSnapshot.OrderServiceUnavailable::new),
                edit);
    }

    /// The state of an order in the result of
    /// [dev.orderflow.operations.orders.OrderSnapshotClient#findAll].
    static OrderSnapshot in(Map<UUID, OrderSnapshot> snapshots, UUID order) {
        return snapshots.getOrDefault(order, new OrderSnapshot.OrderServiceUnavailable());
    }

    RedriveAssessment assessment() {
        return assess(message.contents(), message.consumer(), order, edit);
    }

    /// Whether a message should be redriven.
    ///
    /// @param consumer the queue that it is redriven to; empty when there is none
    /// @param edit the edit of the message, if there is one
    static RedriveAssessment assess(
            RedactedContents contents,
            Optional<ConsumerQueue> consumer,
            OrderSnapshot order,
            Optional<MessageEdit> edit) {
        return edit.map(MessageEdit::assessment)
                .orElseGet(
                        () ->
                                consumer.map(it -> it.assess(contents, order))
                                        .orElse(RedriveAssessment.NO_TARGET));
    }

    /// The state of the order, as text for operators.
    String orderState() {
        return message.contents().orderId().isEmpty() ? "-" : order.label();
    }
}
