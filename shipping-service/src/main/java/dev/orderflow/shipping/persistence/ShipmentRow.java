package dev.orderflow.shipping.persistence;

import dev.orderflow.contracts.value.TaskToken;
import dev.orderflow.shipping.domain.CallbackStateCode;
import dev.orderflow.shipping.domain.Shipment;
import dev.orderflow.shipping.domain.ShipmentState;
import dev.orderflow.shipping.domain.ShipmentStateCode;
import dev.orderflow.shipping.domain.TaskCallback;
import dev.orderflow.shipping.domain.TrackingNumber;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A row of the table `shipment`.
@Entity
@Table(name = "shipment")
class ShipmentRow {

    @Id private UUID id;

    @Column(nullable = false)
    private UUID orderId;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false)
    private ShipmentStateCode state;

    private @Nullable String trackingNumber;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false)
    private CallbackStateCode callbackState;

    private @Nullable String taskToken;

    private @Nullable Instant requestedAt;

    private @Nullable String callbackError;

    /// For Hibernate, which sets the fields.
    @SuppressWarnings("NullAway.Init")
    protected ShipmentRow() {}

    ShipmentRow(Shipment shipment) {
        this.id = shipment.id();
        this.orderId = shipment.orderId();
        this.state = shipment.state().code();
        this.callbackState = shipment.callback().code();
        update(shipment);
    }

    final void update(Shipment shipment) {
        state = shipment.state().code();
        trackingNumber =
                shipment.state() instanceof ShipmentState.ShipmentBooked(var number)
                        ? number.value()
                        : null;
        callbackState = shipment.callback().code();
        switch (shipment.callback()) {
            case TaskCallback.CallbackNotRequested _ -> setCallback(null, null, null);
            case TaskCallback.CallbackPending(var token, var at) -> setCallback(token, at, null);
            case TaskCallback.CallbackAnswered(var token, var at) -> setCallback(token, at, null);
            case TaskCallback.CallbackExpired(var token, var at, var error) ->
                    setCallback(token, at, error);
        }
    }

    private void setCallback(
            @Nullable TaskToken token, @Nullable Instant at, @Nullable String error) {
        taskToken = token == null ? null : token.value();
        requestedAt = at;
        callbackError = error;
    }

    Shipment shipment() {
        return new Shipment(id, orderId, state(), callback());
    }

    private ShipmentState state() {
        return switch (state) {
            case WAITING -> new ShipmentState.ShipmentWaiting();
            case DISPATCH_PERMITTED -> new ShipmentState.ShipmentPermitted();
            case BOOKED ->
                    new ShipmentState.ShipmentBooked(
                            new TrackingNumber(requirePresent(trackingNumber)));
            case REJECTED -> new ShipmentState.ShipmentRejected();
            case CANCELLED -> new ShipmentState.ShipmentCancelled();
            case AUTHORIZATION_EXPIRED -> new ShipmentState.AuthorizationExpired();
        };
    }

    private TaskCallback callback() {
        return switch (callbackState) {
            case NOT_REQUESTED -> new TaskCallback.CallbackNotRequested();
            case PENDING -> new TaskCallback.CallbackPending(token(), requirePresent(requestedAt));
            case ANSWERED ->
                    new TaskCallback.CallbackAnswered(token(), requirePresent(requestedAt));
            case EXPIRED ->
                    new TaskCallback.CallbackExpired(
                            token(), requirePresent(requestedAt), requirePresent(callbackError));
        };
    }

    private TaskToken token() {
        return new TaskToken(requirePresent(taskToken));
    }

    /// A constraint of the table guarantees the value.
    private static <T> T requirePresent(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("the shipment row violates a constraint of its table");
        }
        return value;
    }
}
