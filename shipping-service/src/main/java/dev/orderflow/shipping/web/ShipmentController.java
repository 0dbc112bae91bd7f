package dev.orderflow.shipping.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.contracts.value.StateBatchRequest;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForMachines;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.shipping.domain.CallbackStateCode;
import dev.orderflow.shipping.domain.Shipment;
import dev.orderflow.shipping.domain.ShipmentState;
import dev.orderflow.shipping.domain.ShipmentStateCode;
import dev.orderflow.shipping.domain.TaskCallback;
import dev.orderflow.shipping.shipment.Shipments;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// Reads the shipments of orders.
@RestController
class ShipmentController {

    private final Shipments shipments;

    ShipmentController(Shipments shipments) {
        this.shipments = shipments;
    }

    @ForMachines
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/internal/shipments/{orderId}")
    ShipmentView findShipment(@PathVariable UUID orderId) {
        return shipments
                .find(orderId)
                .map(ShipmentView::of)
                .orElseThrow(
                        () ->
                                Problem.of(
                                                HttpStatus.NOT_FOUND,
                                                "shipment-not-found",
                                                "Shipment not found")
                                        .detail("No shipment exists for this order.")
                                        .with("orderId", orderId));
    }

    /// @param shipments one for each order that has a shipment
    record ShipmentStateBatch(List<ShipmentView> shipments) {}

    @ForMachines
    @PostMapping("/internal/shipments/state-batch")
    ShipmentStateBatch findStates(@RequestBody StateBatchRequest request) {
        return new ShipmentStateBatch(
                shipments.find(request.orderIds()).stream().map(ShipmentView::of).toList());
    }

    /// @param trackingNumber present when the state is `BOOKED`
    /// @param callbackState whether the workflow has its answer
    /// @param callbackError the error that Step Functions returned, when the task token expired
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ShipmentView(
            UUID shipmentId,
            UUID orderId,
            ShipmentStateCode state,
            @Nullable String trackingNumber,
            CallbackStateCode callbackState,
            @Nullable String callbackError) {

        static ShipmentView of(Shipment shipment) {
            return new ShipmentView(
                    shipment.id(),
                    shipment.orderId(),
                    shipment.state().code(),
                    shipment.state() instanceof ShipmentState.ShipmentBooked(var number)
                            ? number.value()
                            : null,
                    shipment.callback().code(),
                    shipment.callback() instanceof TaskCallback.CallbackExpired(_, _, var error)
                            ? error
                            : null);
        }
    }
}
