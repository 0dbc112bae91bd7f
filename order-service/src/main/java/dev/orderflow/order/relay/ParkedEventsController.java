package dev.orderflow.order.relay;

import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.defaults.problem.Problem;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
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
    record ParkedEventPage(List<ParkedEvents.ParkedEvent> events) {}

    /// Why events are parked, 200 reasons at most.
    record ParkedReasonPage(List<ParkedEvents.ParkedReason> reasons) {}

    record OrderReleaseResult(UUID orderId, int events) {}

    /// @param reason exactly as it is listed, 1 to 200 characters
    record ReleaseByReasonRequest(String reason) {

        ReleaseByReasonRequest {
            if (reason.isBlank() || reason.length() > 200 || reason.indexOf('\0') >= 0) {
                throw new InvalidValueException("reason", "must be 1 to 200 characters");
            }
        }
    }

    /// @param orders how many are published again
    /// @param events how many of theirs
    record ReasonReleaseResult(String reason, int orders, int events) {}

    @GetMapping
    ParkedEventPage oldest() {
        return new ParkedEventPage(parked.findOldest(MOST));
    }

    @GetMapping("/reasons")
    ParkedReasonPage reasons() {
        return new ParkedReasonPage(parked.findReasons());
    }

    /// All that is parked for a reason, at once. Nothing parked for it is an answer too: what a
    /// second call finds, or a call that another one was faster than.
    @PostMapping(path = "/release", consumes = "application/json")
    ReasonReleaseResult release(@RequestBody ReleaseByReasonRequest request) {
        var released = parked.release(request.reason());
        return new ReasonReleaseResult(request.reason(), released.orders(), released.events());
    }

    @PostMapping("/{orderId}/release")
    OrderReleaseResult release(@PathVariable UUID orderId) {
        int events = parked.release(orderId).events();
        if (events == 0) {
            throw Problem.of(
                            HttpStatus.NOT_FOUND, "nothing-parked", "No parked event of this order")
                    .with("orderId", orderId);
        }
        return new OrderReleaseResult(orderId, events);
    }
}
