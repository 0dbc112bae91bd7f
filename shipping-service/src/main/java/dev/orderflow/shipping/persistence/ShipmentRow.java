package dev.orderflow.shipping.persistence;

import dev.orderflow.shipping.domain.Caller;
import dev.orderflow.shipping.domain.Progress;
import dev.orderflow.shipping.domain.Shipment;
import dev.orderflow.shipping.domain.TaskToken;
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

/// A shipment as its table has it.
@Entity
@Table(name = "shipment")
class ShipmentRow {

    enum ProgressName {
        WAITING,
        PERMITTED,
        BOOKED,
        REFUSED,
        CANCELLED,
        HOLD_ENDED
    }

    enum CallerName {
        NOBODY,
        AWAITING,
        ANSWERED,
        GONE
    }

    @Id private UUID id;

    @Column(nullable = false)
    private UUID orderId;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false)
    private ProgressName progress;

    private @Nullable String trackingNumber;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false)
    private CallerName caller;

    private @Nullable String taskToken;

    private @Nullable Instant askedAt;

    private @Nullable String goneBecause;

    /// For Hibernate, which fills the fields in.
    @SuppressWarnings("NullAway.Init")
    protected ShipmentRow() {}

    ShipmentRow(Shipment shipment) {
        this.id = shipment.id();
        this.orderId = shipment.orderId();
        this.progress = progressOf(shipment);
        this.caller = callerOf(shipment);
        take(shipment);
    }

    final void take(Shipment shipment) {
        progress = progressOf(shipment);
        trackingNumber =
                shipment.progress() instanceof Progress.Booked(var number) ? number.value() : null;
        caller = callerOf(shipment);
        switch (shipment.caller()) {
            case Caller.Nobody _ -> waits(null, null, null);
            case Caller.Awaiting(var token, var at) -> waits(token, at, null);
            case Caller.Answered(var token, var at) -> waits(token, at, null);
            case Caller.Gone(var token, var at, var why) -> waits(token, at, why);
        }
    }

    private void waits(@Nullable TaskToken token, @Nullable Instant since, @Nullable String why) {
        taskToken = token == null ? null : token.value();
        askedAt = since;
        goneBecause = why;
    }

    Shipment shipment() {
        return new Shipment(id, orderId, progress(), caller());
    }

    private Progress progress() {
        return switch (progress) {
            case WAITING -> new Progress.Waiting();
            case PERMITTED -> new Progress.Permitted();
            case BOOKED -> new Progress.Booked(new TrackingNumber(there(trackingNumber)));
            case REFUSED -> new Progress.Refused();
            case CANCELLED -> new Progress.Cancelled();
            case HOLD_ENDED -> new Progress.HoldEnded();
        };
    }

    private Caller caller() {
        return switch (caller) {
            case NOBODY -> new Caller.Nobody();
            case AWAITING -> new Caller.Awaiting(token(), there(askedAt));
            case ANSWERED -> new Caller.Answered(token(), there(askedAt));
            case GONE -> new Caller.Gone(token(), there(askedAt), there(goneBecause));
        };
    }

    private TaskToken token() {
        return new TaskToken(there(taskToken));
    }

    /// The table's constraints keep this from being null.
    private static <T> T there(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("a shipment's row contradicts its constraints");
        }
        return value;
    }

    private static ProgressName progressOf(Shipment shipment) {
        return switch (shipment.progress()) {
            case Progress.Waiting _ -> ProgressName.WAITING;
            case Progress.Permitted _ -> ProgressName.PERMITTED;
            case Progress.Booked _ -> ProgressName.BOOKED;
            case Progress.Refused _ -> ProgressName.REFUSED;
            case Progress.Cancelled _ -> ProgressName.CANCELLED;
            case Progress.HoldEnded _ -> ProgressName.HOLD_ENDED;
        };
    }

    private static CallerName callerOf(Shipment shipment) {
        return switch (shipment.caller()) {
            case Caller.Nobody _ -> CallerName.NOBODY;
            case Caller.Awaiting _ -> CallerName.AWAITING;
            case Caller.Answered _ -> CallerName.ANSWERED;
            case Caller.Gone _ -> CallerName.GONE;
        };
    }
}
