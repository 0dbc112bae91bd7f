package dev.orderflow.analytics.web;

import dev.orderflow.analytics.projection.History;
import java.util.List;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/// `GET /internal/facts/{orderId}`: what analytics has heard of an order, empty when nothing.
@RestController
class HistoryController {

    private final History history;

    HistoryController(History history) {
        this.history = history;
    }

    record Heard(UUID orderId, List<History.Heard> facts) {}

    @GetMapping("/internal/facts/{orderId}")
    Heard heard(@PathVariable UUID orderId) {
        return new Heard(orderId, history.of(orderId));
    }
}
