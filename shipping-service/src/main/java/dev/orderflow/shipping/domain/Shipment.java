package dev.orderflow.shipping.domain;

import dev.orderflow.contracts.value.TaskToken;
import dev.orderflow.shipping.domain.ShipmentState.AuthorizationExpired;
import dev.orderflow.shipping.domain.ShipmentState.ShipmentBooked;
import dev.orderflow.shipping.domain.ShipmentState.ShipmentCancelled;
import dev.orderflow.shipping.domain.ShipmentState.ShipmentPermitted;
import dev.orderflow.shipping.domain.ShipmentState.ShipmentRejected;
import dev.orderflow.shipping.domain.ShipmentState.ShipmentWaiting;
import dev.orderflow.shipping.domain.ShipmentUpdate.AnswerAccepted;
import dev.orderflow.shipping.domain.ShipmentUpdate.AuthorizationExpiryReported;
import dev.orderflow.shipping.domain.ShipmentUpdate.BookingWithdrawn;
import dev.orderflow.shipping.domain.ShipmentUpdate.CancellationRequested;
import dev.orderflow.shipping.domain.ShipmentUpdate.CarrierBooked;
import dev.orderflow.shipping.domain.ShipmentUpdate.CarrierRejected;
import dev.orderflow.shipping.domain.ShipmentUpdate.PermitDenied;
import dev.orderflow.shipping.domain.ShipmentUpdate.PermitGranted;
import dev.orderflow.shipping.domain.ShipmentUpdate.ShipmentRequested;
import dev.orderflow.shipping.domain.ShipmentUpdate.TaskTokenRejected;
import dev.orderflow.shipping.domain.TaskCallback.CallbackAnswered;
import dev.orderflow.shipping.domain.TaskCallback.CallbackExpired;
import dev.orderflow.shipping.domain.TaskCallback.CallbackNotRequested;
import dev.orderflow.shipping.domain.TaskCallback.CallbackPending;
import java.time.Instant;
import java.util.UUID;

/// The one shipment of an order.
///
/// It stores no address: order-service sends the address with the dispatch permit, each time the
/// permit is requested, and it is passed to the carrier only.
///
/// @param id the id of the shipment
/// @param orderId the order that is shipped
/// @param state the state of the shipment
/// @param callback the callback that the workflow expects
public record Shipment(UUID id, UUID orderId, ShipmentState state, TaskCallback callback) {

    /// The shipment of an order before its first report.
    public static Shipment create(UUID id, UUID orderId) {
        return new Shipment(id, orderId, new ShipmentWaiting(), new CallbackNotRequested());
    }

    /// Applies a report. Several deliveries of one request may be processed concurrently, so a
    /// report that another delivery has made obsolete is not out of order.
    public ShipmentTransition apply(ShipmentUpdate report) {
        return switch (new StateAndReport(state, report)) {
            case StateAndReport(_, ShipmentRequested request) -> applyRequest(request);
            case StateAndReport(_, AnswerAccepted(var token)) -> applyAcceptedAnswer(token);
            case StateAndReport(_, TaskTokenRejected(var token, var error)) ->
                    applyRejectedToken(token, error);

            case StateAndReport(ShipmentWaiting _, CancellationRequested _) ->
                    moveTo(new ShipmentCancelled());
            case StateAndReport(ShipmentRejected _, CancellationRequested _) -> noChange();
            case StateAndReport(ShipmentCancelled _, CancellationRequested _) -> noChange();
            case StateAndReport(AuthorizationExpired _, CancellationRequested _) -> noChange();
            case StateAndReport(ShipmentPermitted _, CancellationRequested _) ->
                    reportOutOfOrder("cancellation after the dispatch permit was granted");
            case StateAndReport(ShipmentBooked _, CancellationRequested _) ->
                    reportOutOfOrder("cancellation after the carrier accepted the booking");

            case StateAndReport(ShipmentWaiting _, PermitGranted _) ->
                    moveTo(new ShipmentPermitted());
            case StateAndReport(ShipmentPermitted _, PermitGranted _) -> noChange();
            case StateAndReport(ShipmentBooked _, PermitGranted _) -> noChange();
            case StateAndReport(ShipmentRejected _, PermitGranted _) -> noChange();
            // The authorisation expired between the check and the permit request of this delivery.
            case StateAndReport(AuthorizationExpired _, PermitGranted _) -> noChange();
            case StateAndReport(ShipmentCancelled _, PermitGranted _) ->
                    reportOutOfOrder("dispatch permit granted for a cancelled shipment");

            case StateAndReport(ShipmentWaiting _, PermitDenied _) ->
                    moveTo(new ShipmentCancelled());
            case StateAndReport(ShipmentCancelled _, PermitDenied _) -> noChange();
            // Another delivery completed the shipment and the order ended meanwhile.
            case StateAndReport(ShipmentBooked _, PermitDenied _) -> noChange();
            case StateAndReport(ShipmentRejected _, PermitDenied _) -> noChange();
            case StateAndReport(AuthorizationExpired _, PermitDenied _) -> noChange();
            case StateAndReport(ShipmentPermitted _, PermitDenied _) ->
                    reportOutOfOrder("dispatch permit denied after it was granted");

            case StateAndReport(ShipmentWaiting _, AuthorizationExpiryReported _) ->
                    moveTo(new AuthorizationExpired());
            // The carrier may have a booking, so it is withdrawn first.
            case StateAndReport(ShipmentPermitted _, AuthorizationExpiryReported _) -> noChange();
            case StateAndReport(ShipmentBooked _, AuthorizationExpiryReported _) -> noChange();
            case StateAndReport(ShipmentRejected _, AuthorizationExpiryReported _) -> noChange();
            case StateAndReport(ShipmentCancelled _, AuthorizationExpiryReported _) -> noChange();
            case StateAndReport(AuthorizationExpired _, AuthorizationExpiryReported _) ->
                    noChange();

            case StateAndReport(ShipmentPermitted _, BookingWithdrawn _) ->
                    moveTo(new AuthorizationExpired());
            case StateAndReport(AuthorizationExpired _, BookingWithdrawn _) -> noChange();
            case StateAndReport(ShipmentRejected _, BookingWithdrawn _) -> noChange();
            case StateAndReport(ShipmentBooked _, BookingWithdrawn _) ->
                    reportOutOfOrder("withdrawal of a booking that the carrier confirmed");
            case StateAndReport(_, BookingWithdrawn _) ->
                    reportOutOfOrder("booking withdrawn without a dispatch permit");

            case StateAndReport(ShipmentPermitted _, CarrierBooked(var number)) ->
                    moveTo(new ShipmentBooked(number));
            case StateAndReport(ShipmentBooked(var known), CarrierBooked(var number))
                    when known.equals(number) ->
                    noChange();
            case StateAndReport(ShipmentBooked _, CarrierBooked _) ->
                    reportOutOfOrder("second tracking number for the same order");
            case StateAndReport(AuthorizationExpired _, CarrierBooked _) ->
                    reportOutOfOrder("booking confirmed after it was withdrawn");
            case StateAndReport(_, CarrierBooked _) ->
                    reportOutOfOrder("booking confirmed without a dispatch permit");

            case StateAndReport(ShipmentPermitted _, CarrierRejected _) ->
                    moveTo(new ShipmentRejected());
            case StateAndReport(ShipmentRejected _, CarrierRejected _) -> noChange();
            case StateAndReport(AuthorizationExpired _, CarrierRejected _) -> noChange();
            case StateAndReport(ShipmentBooked _, CarrierRejected _) ->
                    reportOutOfOrder("parcel rejected after the carrier accepted the booking");
            case StateAndReport(_, CarrierRejected _) ->
                    reportOutOfOrder("parcel rejected without a dispatch permit");
        };
    }

    private record StateAndReport(ShipmentState state, ShipmentUpdate report) {}

    /// The latest token counts. A queue may deliver an older request after a newer one, so the time
    /// at which the request was sent decides, not the time of its delivery.
    private ShipmentTransition applyRequest(ShipmentRequested request) {
        var pending = withCallback(new CallbackPending(request.token(), request.requestedAt()));
        return switch (callback) {
            case CallbackNotRequested _ -> new ShipmentTransition.ShipmentMoved(pending);
            case CallbackPending(var token, var at) ->
                    replaceTokenIfNewer(request, token, at, pending);
            case CallbackAnswered(var token, var at) ->
                    replaceTokenIfNewer(request, token, at, pending);
            case CallbackExpired(var token, var at, _) ->
                    replaceTokenIfNewer(request, token, at, pending);
        };
    }

    private ShipmentTransition replaceTokenIfNewer(
            ShipmentRequested request, TaskToken current, Instant currentSince, Shipment pending) {
        return current.equals(request.token()) || request.requestedAt().isBefore(currentSince)
                ? noChange()
                : new ShipmentTransition.ShipmentMoved(pending);
    }

    private ShipmentTransition applyAcceptedAnswer(TaskToken accepted) {
        return switch (callback) {
            case CallbackPending(var token, var at) when token.equals(accepted) ->
                    state.isFinal()
                            ? new ShipmentTransition.ShipmentMoved(
                                    withCallback(new CallbackAnswered(token, at)))
                            : reportOutOfOrder(
                                    "answer accepted before the shipment had an outcome");
            // Two deliveries sent the answer, and the rejected one was recorded first.
            case CallbackExpired(var token, var at, _)
                    when token.equals(accepted) && state.isFinal() ->
                    new ShipmentTransition.ShipmentMoved(
                            withCallback(new CallbackAnswered(token, at)));
            case CallbackPending _, CallbackExpired _, CallbackAnswered _, CallbackNotRequested _ ->
                    noChange();
        };
    }

    private ShipmentTransition applyRejectedToken(TaskToken rejected, String error) {
        return switch (callback) {
            case CallbackPending(var token, var at) when token.equals(rejected) ->
                    new ShipmentTransition.ShipmentMoved(
                            withCallback(new CallbackExpired(token, at, error)));
            case CallbackPending _, CallbackExpired _, CallbackAnswered _, CallbackNotRequested _ ->
                    noChange();
        };
    }

    private Shipment withCallback(TaskCallback next) {
        return new Shipment(id, orderId, state, next);
    }

    private ShipmentTransition moveTo(ShipmentState next) {
        return new ShipmentTransition.ShipmentMoved(new Shipment(id, orderId, next, callback));
    }

    private ShipmentTransition noChange() {
        return new ShipmentTransition.ShipmentUnchanged(this);
    }

    private ShipmentTransition reportOutOfOrder(String contradiction) {
        return new ShipmentTransition.ShipmentOutOfOrder(this, contradiction);
    }
}
