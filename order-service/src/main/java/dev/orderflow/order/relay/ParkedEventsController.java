package dev.orderflow.order.relay;

import dev.orderflow.defaults.problem.Problem;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// What operators do about parked events.
@RestController
@RequestMapping(path = "/internal/outbox/parked", produces = "application/json")
class ParkedEventsController {

    private static final int MOST = 200;

    private final ParkedEvents parked;

    ParkedEventsController(ParkedEvents parked) {
        this.parked = parked;
    }

    /// The oldest parked events, 200 at most.
    record Page(List<ParkedEvents.ParkedEvent> events) {}

    record Released(UUID orderId, int events) {}

    @GetMapping
    Page oldest() {
        return new Page(parked.oldest(MOST));
    }

    @PostMapping("/{orderId}/release")
    Released release(@PathVariable UUID orderId) {
        int events = parked.release(orderId);
        if (events == 0) {
            throw Problem.of(
                            HttpStatus.NOT_FOUND, "nothing-parked", "No parked event of this order")
                    .with("orderId", orderId);
        }
        return new Released(orderId, events);
    }
}
