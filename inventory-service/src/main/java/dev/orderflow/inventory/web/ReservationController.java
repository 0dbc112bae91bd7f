package dev.orderflow.inventory.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.contracts.value.Sku;
import dev.orderflow.defaults.idempotency.IdempotencyKey;
import dev.orderflow.defaults.idempotency.IdempotentRequests;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.inventory.domain.Line;
import dev.orderflow.inventory.domain.Lines;
import dev.orderflow.inventory.domain.Reservation;
import dev.orderflow.inventory.domain.Shortage;
import dev.orderflow.inventory.domain.Standing;
import dev.orderflow.inventory.domain.Status;
import dev.orderflow.inventory.reservation.ReleaseReply;
import dev.orderflow.inventory.reservation.Reply;
import dev.orderflow.inventory.reservation.Reservations;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Reserve, release, look.
///
/// The order id is the key that never expires; the `Idempotency-Key` beside it must not come
/// for another order. A request that comes while the same one is at work waits for its answer,
/// and is told 503 when that takes too long: the workflow takes every 409 for "out of stock".
@RestController
@RequestMapping("/internal/reservations")
class ReservationController {

    private final Reservations reservations;

    ReservationController(Reservations reservations) {
        this.reservations = reservations;
    }

    record Wish(UUID orderId, List<WantedLine> lines) {

        Wish {
            // Checked here, so that a caller learns which value is wrong.
            linesOf(lines);
        }

        Lines wanted() {
            return linesOf(lines);
        }

        private static Lines linesOf(List<WantedLine> lines) {
            if (lines.size() > Lines.MOST) {
                throw new InvalidValueException(
                        "lines", "must be 1 to " + Lines.MOST + " but were " + lines.size());
            }
            return Lines.of(lines.stream().map(WantedLine::line).toList());
        }
    }

    record WantedLine(String sku, int quantity) {

        WantedLine {
            new Line(new Sku(sku), quantity);
        }

        Line line() {
            return new Line(new Sku(sku), quantity);
        }
    }

    /// A release says nothing but which order.
    record Nothing() {}

    record Held(UUID reservationId, UUID orderId, Status status, Instant expiresAt) {}

    record Released(UUID orderId, Status status) {}

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Known(
            UUID reservationId,
            UUID orderId,
            Status status,
            List<WantedLine> lines,
            Optional<Short> shortage,
            Instant madeAt,
            Instant changedAt,
            Optional<Instant> expiresAt) {

        record Short(String sku, long requested, long available) {}
    }

    @PostMapping
    ResponseEntity<Held> reserve(
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
            @RequestBody Wish wish) {
        var reply =
                reservations.reserve(wish.orderId(), IdempotencyKey.required(key), wish.wanted());
        return switch (reply) {
            case Reply.Held(var reservation, var again) -> held(reservation, again);
            case Reply.OutOfStock(var shortage, var _) -> throw outOfStock(shortage);
            case Reply.Gone(var status) -> throw gone(status);
            case Reply.OtherRequest _ -> throw otherRequest();
        };
    }

    /// The status is always that of the first answer, whatever has become of the reservation since.
    private static ResponseEntity<Held> held(Reservation reservation, boolean again) {
        var response =
                ResponseEntity.created(
                        URI.create("/internal/reservations/" + reservation.orderId()));
        if (again) {
            response.header(IdempotentRequests.REPLAYED_HEADER, "true");
        }
        return response.body(
                new Held(
                        reservation.id(),
                        reservation.orderId(),
                        Status.HELD,
                        reservation.expiresAt().orElseThrow()));
    }

    @PostMapping("/{orderId}/release")
    Released release(
            @PathVariable UUID orderId,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
            @RequestBody Nothing nothing) {
        return switch (reservations.release(orderId, IdempotencyKey.required(key))) {
            case ReleaseReply.Released _ -> new Released(orderId, Status.RELEASED);
            case ReleaseReply.TooLate _ ->
                    throw Problem.of(
                                    HttpStatus.CONFLICT,
                                    "reservation-fulfilled",
                                    "Reservation fulfilled")
                            .detail("The goods have left the house.")
                            .with("orderId", orderId);
            case ReleaseReply.OtherRequest _ -> throw otherRequest();
        };
    }

    @GetMapping("/{orderId}")
    Known find(@PathVariable UUID orderId) {
        return reservations
                .find(orderId)
                .map(ReservationController::known)
                .orElseThrow(
                        () ->
                                Problem.of(
                                                HttpStatus.NOT_FOUND,
                                                "reservation-not-found",
                                                "Reservation not found")
                                        .with("orderId", orderId));
    }

    /// Which orders' reservations are wanted.
    record Wanted(List<UUID> orderIds) {

        private static final int MOST = 200;

        Wanted {
            if (orderIds.isEmpty() || orderIds.size() > MOST) {
                throw new InvalidValueException(
                        "orderIds", "must be 1 to " + MOST + " but were " + orderIds.size());
            }
        }
    }

    /// @param reservations an order that nothing was heard of is missing
    record Standings(List<Known> reservations) {}

    @PostMapping("/standings")
    Standings standings(@RequestBody Wanted wanted) {
        return new Standings(
                reservations.find(wanted.orderIds()).stream()
                        .map(ReservationController::known)
                        .toList());
    }

    private static Known known(Reservation reservation) {
        return switch (reservation.standing()) {
            case Standing.Held(var lines) ->
                    known(reservation, Status.HELD, Optional.of(lines), Optional.empty());
            case Standing.Refused(var lines, var shortage) ->
                    known(
                            reservation,
                            Status.REFUSED,
                            Optional.of(lines),
                            Optional.of(
                                    new Known.Short(
                                            shortage.sku().value(),
                                            shortage.requested(),
                                            shortage.available())));
            case Standing.Released(var lines) ->
                    known(reservation, Status.RELEASED, lines, Optional.empty());
            case Standing.Fulfilled(var lines) ->
                    known(reservation, Status.FULFILLED, Optional.of(lines), Optional.empty());
            case Standing.Expired(var lines) ->
                    known(reservation, Status.EXPIRED, Optional.of(lines), Optional.empty());
            case Standing.Unheard _ ->
                    throw new IllegalStateException("what is written down was heard");
        };
    }

    private static Known known(
            Reservation reservation,
            Status status,
            Optional<Lines> lines,
            Optional<Known.Short> shortage) {
        return new Known(
                reservation.id(),
                reservation.orderId(),
                status,
                lines.map(Lines::list).orElse(List.of()).stream()
                        .map(line -> new WantedLine(line.sku().value(), line.quantity()))
                        .toList(),
                shortage,
                reservation.madeAt(),
                reservation.changedAt(),
                reservation.expiresAt());
    }

    private static Problem outOfStock(Shortage shortage) {
        return Problem.of(HttpStatus.CONFLICT, "out-of-stock", "Not enough stock")
                .detail(
                        "%s: %d wanted, %d left"
                                .formatted(
                                        shortage.sku(), shortage.requested(), shortage.available()))
                .with("sku", shortage.sku().value())
                .with("requested", shortage.requested())
                .with("available", shortage.available());
    }

    private static Problem gone(Status status) {
        var what = status.name().toLowerCase(Locale.ROOT);
        return Problem.of(HttpStatus.GONE, "reservation-" + what, "Reservation " + what)
                .detail("The order's reservation was " + what + " before; it is not made again.");
    }

    private static Problem otherRequest() {
        return Problem.of(
                        HttpStatus.UNPROCESSABLE_CONTENT,
                        "idempotency-key-reused",
                        "Idempotency-Key reused")
                .detail("This order or this key came before with another request.");
    }
}
