package dev.orderflow.operations.deadletters;

import dev.orderflow.operations.deadletters.MessageEdits.MessageEdit;
import dev.orderflow.operations.orders.OrderSnapshot;
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

    RedriveAssessment assessment() {
        return edit.map(MessageEdit::assessment)
                .orElseGet(
                        () ->
                                message.consumer()
                                        .map(it -> it.assess(message.contents(), order))
                                        .orElse(RedriveAssessment.NO_TARGET));
    }

    /// The state of the order, as text for operators.
    String orderState() {
        return message.contents().orderId().isEmpty() ? "-" : order.label();
    }
}
