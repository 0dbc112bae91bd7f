package dev.orderflow.inventory.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.contracts.value.Sku;
import dev.orderflow.contracts.value.StateBatchRequest;
import dev.orderflow.defaults.history.OrderIncidents;
import dev.orderflow.defaults.idempotency.IdempotencyKey;
import dev.orderflow.defaults.idempotency.IdempotentRequests;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForMachines;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.inventory.domain.Reservation;
import dev.orderflow.inventory.domain.ReservationLine;
import dev.orderflow.inventory.domain.ReservationLines;
import dev.orderflow.inventory.domain.ReservationState;
import dev.orderflow.inventory.domain.ReservationStateCode;
import dev.orderflow.inventory.domain.Shortage;
import dev.orderflow.inventory.reservation.ReservationReleaseResult;
import dev.orderflow.inventory.reservation.ReservationService;
import dev.orderflow.inventory.reservation.ReserveResult;
import jakarta.servlet.http.HttpServletRequest;
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

/// Reserves and releases stock, and shows reservations.
///
/// The order id is the idempotency key that never expires; the `Idempotency-Key` header must not
/// have been used for another order. A request during an identical one waits for its result, and
/// gets 503 when that takes too long, since the workflow treats every 409 as "out of stock".
@RestController
@RequestMapping("/internal/reservations")
class ReservationController {

    private final ReservationService reservations;

    ReservationController(ReservationService reservations) {
        this.reservations = reservations;
    }

    record ReserveRequest(UUID orderId, List<ReserveRequestLine> lines) {

        ReserveRequest {
            // Validated here, so that the problem names the invalid value.
            linesOf(lines);
        }

        ReservationLines toLines() {
            return linesOf(lines);
        }

        private static ReservationLines linesOf(List<ReserveRequestLine> lines) {
            if (lines.size() > ReservationLines.MAX_LINES) {
                throw new InvalidValueException(
                        "lines",
                        "must have 1 to "
                                + ReservationLines.MAX_LINES
                                + " elements but had "
                                + lines.size());
            }
            return ReservationLines.of(lines.stream().map(ReserveRequestLine::toLine).toList());
        }
    }

    record ReserveRequestLine(String sku, int quantity) {

        ReserveRequestLine {
            new ReservationLine(new Sku(sku), quantity);
        }

        ReservationLine toLine() {
            return new ReservationLine(new Sku(sku), quantity);
        }
    }

    /// A release has no properties; the order is in the path.
    record ReleaseRequest() {}

    record ReserveResponse(
            UUID reservationId, UUID orderId, ReservationStateCode state, Instant expiresAt) {}

    record ReleaseResponse(UUID orderId, ReservationStateCode state) {}

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record ReservationView(
            UUID reservationId,
            UUID orderId,
            ReservationStateCode state,
            List<ReserveRequestLine> lines,
            Optional<ShortageView> shortage,
            Instant createdAt,
            Instant updatedAt,
            Optional<Instant> expiresAt) {

        record ShortageView(String sku, long requested, long available) {}
    }

    @ForMachines
    @PostMapping
    ResponseEntity<ReserveResponse> reserve(
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
            @RequestBody ReserveRequest request,
            HttpServletRequest http) {
        http.setAttribute(OrderIncidents.ORDER_ID_ATTRIBUTE, request.orderId());
        var result =
                reservations.reserve(
                        request.orderId(), IdempotencyKey.require(key), request.toLines());
        return switch (result) {
            case ReserveResult.StockReserved(var reservation, var replayed) ->
                    toResponse(reservation, replayed);
            case ReserveResult.StockInsufficient(var shortage, var replayed) -> {
                var problem = outOfStock(shortage);
                if (replayed) {
                    problem.getHeaders().set(IdempotentRequests.REPLAYED_HEADER, "true");
                }
                throw problem;
            }
            case ReserveResult.ReservationEnded(var state) -> throw endedReservation(state);
            case ReserveResult.DifferentRequest _ -> throw keyReused();
        };
    }

    /// The response always has the state RESERVED, like the first one, even if the reservation has
    /// changed since.
    private static ResponseEntity<ReserveResponse> toResponse(
            Reservation reservation, boolean replayed) {
        var response =
                ResponseEntity.created(
                        URI.create("/internal/reservations/" + reservation.orderId()));
        if (replayed) {
            response.header(IdempotentRequests.REPLAYED_HEADER, "true");
        }
        return response.body(
                new ReserveResponse(
                        reservation.id(),
                        reservation.orderId(),
                        ReservationStateCode.RESERVED,
                        reservation.expiresAt().orElseThrow()));
    }

    @ForMachines
    @ForOperators(value = OperatorRole.OPERATOR, action = "RELEASE_RESERVATION")
    @PostMapping("/{orderId}/release")
    ResponseEntity<ReleaseResponse> release(
            @PathVariable UUID orderId,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
            @RequestBody ReleaseRequest empty) {
        return switch (reservations.release(orderId, IdempotencyKey.require(key))) {
            case ReservationReleaseResult.StockReleased(_, var replayed) -> {
                var response = ResponseEntity.ok();
                if (replayed) {
                    response.header(IdempotentRequests.REPLAYED_HEADER, "true");
                }
                yield response.body(new ReleaseResponse(orderId, ReservationStateCode.RELEASED));
            }
            case ReservationReleaseResult.AlreadyFulfilled _ ->
                    throw Problem.of(
                                    HttpStatus.CONFLICT,
                                    "reservation-fulfilled",
                                    "Reservation fulfilled")
                            .detail("The order has shipped; its stock can no longer be released.")
                            .with("orderId", orderId);
            case ReservationReleaseResult.KeyOfOtherOrder _ -> throw keyReused();
        };
    }

    @ForMachines
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/{orderId}")
    ReservationView find(@PathVariable UUID orderId) {
        return reservations
                .find(orderId)
                .map(ReservationController::toView)
                .orElseThrow(
                        () ->
                                Problem.of(
                                                HttpStatus.NOT_FOUND,
                                                "reservation-not-found",
                                                "Reservation not found")
                                        .with("orderId", orderId));
    }

    /// @param reservations an order without a reservation is missing
    record ReservationStateBatch(List<ReservationView> reservations) {}

    @ForMachines
    @PostMapping("/state-batch")
    ReservationStateBatch findStates(@RequestBody StateBatchRequest request) {
        return new ReservationStateBatch(
                reservations.find(request.orderIds()).stream()
                        .map(ReservationController::toView)
                        .toList());
    }

    private static ReservationView toView(Reservation reservation) {
        return switch (reservation.state()) {
            case ReservationState.ReservedStock(var lines) ->
                    toView(
                            reservation,
                            ReservationStateCode.RESERVED,
                            Optional.of(lines),
                            Optional.empty());
            case ReservationState.ReservationRefused(var lines, var shortage) ->
                    toView(
                            reservation,
                            ReservationStateCode.REFUSED,
                            Optional.of(lines),
                            Optional.of(
                                    new ReservationView.ShortageView(
                                            shortage.sku().value(),
                                            shortage.requested(),
                                            shortage.available())));
            case ReservationState.ReservationReleased(var lines) ->
                    toView(reservation, ReservationStateCode.RELEASED, lines, Optional.empty());
            case ReservationState.ReservationFulfilled(var lines) ->
                    toView(
                            reservation,
                            ReservationStateCode.FULFILLED,
                            Optional.of(lines),
                            Optional.empty());
            case ReservationState.ReservationExpired(var lines) ->
                    toView(
                            reservation,
                            ReservationStateCode.EXPIRED,
                            Optional.of(lines),
                            Optional.empty());
            case ReservationState.NoReservation _ ->
                    throw new IllegalStateException("a stored reservation must have a state");
        };
    }

    private static ReservationView toView(
            Reservation reservation,
            ReservationStateCode state,
            Optional<ReservationLines> lines,
            Optional<ReservationView.ShortageView> shortage) {
        return new ReservationView(
                reservation.id(),
                reservation.orderId(),
                state,
                lines.map(ReservationLines::list).orElse(List.of()).stream()
                        .map(line -> new ReserveRequestLine(line.sku().value(), line.quantity()))
                        .toList(),
                shortage,
                reservation.createdAt(),
                reservation.updatedAt(),
                reservation.expiresAt());
    }

    private static Problem outOfStock(Shortage shortage) {
        return Problem.of(HttpStatus.CONFLICT, "out-of-stock", "Not enough stock")
                .detail(
                        "%s: %d requested, %d available"
                                .formatted(
                                        shortage.sku(), shortage.requested(), shortage.available()))
                .with("sku", shortage.sku().value())
                .with("requested", shortage.requested())
                .with("available", shortage.available());
    }

    private static Problem endedReservation(ReservationStateCode state) {
        var name = state.name().toLowerCase(Locale.ROOT);
        return Problem.of(HttpStatus.GONE, "reservation-" + name, "Reservation " + name)
                .detail(
                        "The reservation of this order is "
                                + name
                                + ". It cannot be reserved again.");
    }

    private static Problem keyReused() {
        return IdempotencyKey.reused()
                .detail("Order or key already used with a different request.");
    }
}
