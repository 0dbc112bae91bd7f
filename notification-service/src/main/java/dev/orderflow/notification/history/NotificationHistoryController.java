package dev.orderflow.notification.history;

import dev.orderflow.defaults.history.OrderHistory;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.security.ForMachines;
import dev.orderflow.defaults.security.ForOperators;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/// Shows what this service knows about an order; nothing is an answer, too.
@RestController
class NotificationHistoryController {

    private final NotificationHistoryQueries queries;

    NotificationHistoryController(NotificationHistoryQueries queries) {
        this.queries = queries;
    }

    @ForMachines
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping(path = "/internal/notifications/{orderId}/history", produces = "application/json")
    OrderHistory history(@PathVariable UUID orderId) {
        return queries.find(orderId);
    }
}
