package dev.orderflow.operations.deadletters;

import dev.orderflow.operations.orders.OrderSnapshot;
import java.util.UUID;
import java.util.function.Function;

/// A dead letter, compared with the current state of its order.
record AssessedDeadLetter(DeadLetter message, OrderSnapshot order) {

    /// @param orders finds the state of an order
    static AssessedDeadLetter of(DeadLetter message, Function<UUID, OrderSnapshot> orders) {
        return new AssessedDeadLetter(
                message,
                message.contents()
                        .orderId()
                        .map(orders)
                        .orElseGet(OrderSnapshot.OrderServiceUnavailable::new));
    }

    RedriveAssessment assessment() {
        return message.consumer()
                .map(consumer -> consumer.assess(message.contents(), order))
                .orElse(RedriveAssessment.NO_TARGET);
    }

    /// The state of the order, as text for operators.
    String orderState() {
        return message.contents().orderId().isEmpty() ? "-" : order.label();
    }
}
