package dev.orderflow.analytics.web;

import dev.orderflow.analytics.projection.FactHistory;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.security.ForMachines;
import dev.orderflow.defaults.security.ForOperators;
import java.util.List;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/// `GET /internal/facts/{orderId}`: the facts that analytics has recorded for an order.
@RestController
class FactHistoryController {

    private final FactHistory history;

    FactHistoryController(FactHistory history) {
        this.history = history;
    }

    record OrderFacts(UUID orderId, List<FactHistory.RecordedFact> facts) {}

    @ForMachines
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/internal/facts/{orderId}")
    OrderFacts findFacts(@PathVariable UUID orderId) {
        return new OrderFacts(orderId, history.findByOrder(orderId));
    }
}
