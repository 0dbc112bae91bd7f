package dev.orderflow.order.history;

import dev.orderflow.defaults.history.OrderHistory;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForMachines;
import dev.orderflow.defaults.security.ForOperators;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/// Shows what this service knows about an order.
@RestController
class OrderHistoryController {

    private final OrderHistoryQueries queries;

    OrderHistoryController(OrderHistoryQueries queries) {
        this.queries = queries;
    }

    @ForMachines
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping(path = "/internal/orders/{orderId}/history", produces = "application/json")
    OrderHistory history(@PathVariable UUID orderId) {
        return queries.find(orderId)
                .orElseThrow(
                        () ->
                                Problem.of(
                                                HttpStatus.NOT_FOUND,
                                                "order-not-found",
                                                "Order not found")
                                        .with("orderId", orderId));
    }
}
