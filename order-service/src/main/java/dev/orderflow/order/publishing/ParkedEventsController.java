package dev.orderflow.order.publishing;

import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.contracts.value.TextLine;
import dev.orderflow.defaults.operators.OperatorRequest;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForMachines;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.outbox.ParkedEvents;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// The internal API for parked events.
@RestController
@RequestMapping(path = "/internal/outbox/parked", produces = "application/json")
class ParkedEventsController {

    private final ParkedEvents parked;

    ParkedEventsController(ParkedEvents parked) {
        this.parked = parked;
    }

    /// A parked event, without its payload.
    record ParkedOrderEvent(
            String eventId,
            String orderId,
            String type,
            Instant occurredAt,
            int attempts,
            String reason,
            Instant parkedAt) {

        private static ParkedOrderEvent from(ParkedEvents.ParkedEvent event) {
            return new ParkedOrderEvent(
                    event.eventId(),
                    event.key(),
                    event.type(),
                    event.occurredAt(),
                    event.attempts(),
                    event.reason(),
                    event.parkedAt());
        }
    }

    /// The oldest parked events, 200 at most.
    record ParkedEventPage(List<ParkedOrderEvent> events) {}

    /// A reason for which events are parked.
    ///
    /// @param orders that have an event parked for it
    /// @param events parked for it
    /// @param oldest when the first of them was parked
    record ParkedOrderReason(String reason, int orders, int events, Instant oldest) {

        private static ParkedOrderReason from(ParkedEvents.ParkedReason reason) {
            return new ParkedOrderReason(
                    reason.reason(), reason.keys(), reason.events(), reason.oldest());
        }
    }

    /// Why events are parked, 200 reasons at most.
    record ParkedReasonPage(List<ParkedOrderReason> reasons) {}

    record OrderReleaseResult(UUID orderId, int events) {}

    /// @param reason exactly as it is listed, 1 to 200 characters
    /// @param note why they are released, for the audit trail; see [ReleaseNote]
    record ReleaseByReasonRequest(String reason, @Nullable String note) {

        ReleaseByReasonRequest {
            if (reason.isBlank() || reason.length() > 200 || reason.indexOf('\0') >= 0) {
                throw new InvalidValueException("reason", "must be 1 to 200 characters");
            }
            ReleaseNote.check(note);
        }
    }

    /// @param note why the events of an order are released, 1 to 1000 characters on one line
    record ReleaseNote(@Nullable String note) {

        ReleaseNote {
            check(note);
        }

        private static void check(@Nullable String note) {
            if (note != null) {
                TextLine.require("note", note, TextLine.MAX_NOTE_LENGTH);
            }
        }
    }

    /// @param orders of which events are published again
    /// @param events how many
    record ReasonReleaseResult(String reason, int orders, int events) {}

    @ForMachines
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping
    ParkedEventPage oldest() {
        return new ParkedEventPage(
                parked.findOldest(ParkedEvents.MAX_LISTED).stream()
                        .map(ParkedOrderEvent::from)
                        .toList());
    }

    @ForMachines
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/reasons")
    ParkedReasonPage reasons() {
        return new ParkedReasonPage(
                parked.findReasons().stream().map(ParkedOrderReason::from).toList());
    }

    /// Releases all events that are parked for a reason. That none is parked for it is a result and
    /// not an error: a repeated or concurrent call finds none.
    @ForOperators(value = OperatorRole.OPERATOR, action = "RELEASE_PARKED_EVENTS")
    @PostMapping(path = "/release", consumes = "application/json")
    ReasonReleaseResult release(
            @RequestBody ReleaseByReasonRequest request, OperatorRequest recorded) {
        recorded.describe("outbox", request.note(), "parked for: " + request.reason());
        var released = parked.releaseReason(request.reason());
        return new ReasonReleaseResult(request.reason(), released.keys(), released.events());
    }

    @ForOperators(value = OperatorRole.OPERATOR, action = "RELEASE_PARKED_EVENTS")
    @PostMapping("/{orderId}/release")
    OrderReleaseResult release(
            @PathVariable UUID orderId,
            @RequestBody(required = false) @Nullable ReleaseNote body,
            OperatorRequest recorded) {
        recorded.describe(orderId.toString(), body == null ? null : body.note(), null);
        int events = parked.releaseKey(orderId.toString()).events();
        if (events == 0) {
            throw Problem.of(
                            HttpStatus.NOT_FOUND,
                            "parked-event-not-found",
                            "No parked event of this order")
                    .with("orderId", orderId);
        }
        return new OrderReleaseResult(orderId, events);
    }
}
