package dev.orderflow.shipping.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.shipping.arrangement.Shipments;
import dev.orderflow.shipping.domain.Caller;
import dev.orderflow.shipping.domain.Progress;
import dev.orderflow.shipping.domain.Shipment;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// Orders' shipments.
@RestController
class ShipmentResource {

    private final Shipments shipments;

    ShipmentResource(Shipments shipments) {
        this.shipments = shipments;
    }

    @GetMapping("/internal/shipments/{orderId}")
    ShipmentView shipment(@PathVariable UUID orderId) {
        return shipments
                .find(orderId)
                .map(ShipmentView::of)
                .orElseThrow(
                        () ->
                                Problem.of(
                                                HttpStatus.NOT_FOUND,
                                                "shipment-unknown",
                                                "Shipment unknown")
                                        .detail("Nothing was heard of a shipment of this order.")
                                        .with("orderId", orderId));
    }

    /// Which orders' shipments are wanted.
    record Wanted(List<UUID> orderIds) {

        private static final int MOST = 200;

        Wanted {
            if (orderIds.isEmpty() || orderIds.size() > MOST) {
                throw new InvalidValueException(
                        "orderIds", "must be 1 to " + MOST + " but were " + orderIds.size());
            }
        }
    }

    /// @param shipments an order of which nothing was heard is missing
    record Standings(List<ShipmentView> shipments) {}

    @PostMapping("/internal/shipments/status-batch")
    Standings standings(@RequestBody Wanted wanted) {
        return new Standings(
                shipments.find(wanted.orderIds()).stream().map(ShipmentView::of).toList());
    }

    /// @param status WAITING, PERMITTED, BOOKED, REFUSED, CANCELLED or HOLD_ENDED
    /// @param trackingNumber of a booked shipment
    /// @param workflow whether the workflow is still to be answered: NOBODY, AWAITING, ANSWERED or
    ///     GONE
    /// @param goneBecause the error of a workflow that is gone
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ShipmentView(
            UUID shipmentId,
            UUID orderId,
            String status,
            @Nullable String trackingNumber,
            String workflow,
            @Nullable String goneBecause) {

        static ShipmentView of(Shipment shipment) {
            return new ShipmentView(
                    shipment.id(),
                    shipment.orderId(),
                    name(shipment.progress().getClass()),
                    shipment.progress() instanceof Progress.Booked(var number)
                            ? number.value()
                            : null,
                    name(shipment.caller().getClass()),
                    shipment.caller() instanceof Caller.Gone(_, _, var why) ? why : null);
        }

        private static String name(Class<?> state) {
            return state.getSimpleName()
                    .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                    .toUpperCase(Locale.ROOT);
        }
    }
}
