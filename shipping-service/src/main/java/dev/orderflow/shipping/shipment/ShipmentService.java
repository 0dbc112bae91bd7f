package dev.orderflow.shipping.shipment;

import dev.orderflow.contracts.value.TaskToken;
import dev.orderflow.defaults.history.OrderIncidentType;
import dev.orderflow.defaults.history.OrderIncidents;
import dev.orderflow.shipping.domain.Shipment;
import dev.orderflow.shipping.domain.ShipmentState.AuthorizationExpired;
import dev.orderflow.shipping.domain.ShipmentState.ShipmentBooked;
import dev.orderflow.shipping.domain.ShipmentState.ShipmentCancelled;
import dev.orderflow.shipping.domain.ShipmentState.ShipmentPermitted;
import dev.orderflow.shipping.domain.ShipmentState.ShipmentRejected;
import dev.orderflow.shipping.domain.ShipmentState.ShipmentWaiting;
import dev.orderflow.shipping.domain.ShipmentTransition;
import dev.orderflow.shipping.domain.ShipmentUpdate;
import dev.orderflow.shipping.domain.TaskCallback.CallbackPending;
import dev.orderflow.shipping.shipment.AttemptResult.AttemptDeferred;
import dev.orderflow.shipping.shipment.AttemptResult.AttemptRejected;
import dev.orderflow.shipping.shipment.CarrierCircuitBreaker.CallPermit;
import dev.orderflow.shipping.shipment.PaymentAuthorizationClient.AuthorizationCheckResult;
import dev.orderflow.shipping.shipment.WorkflowCallbackClient.CallbackResult;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/// Processes a shipment from its current state to its end. Every step is stored before the next one
/// begins, and every step may be repeated.
@Service
public class ShipmentService {

    private static final Logger log = LoggerFactory.getLogger(ShipmentService.class);

    private final Shipments shipments;
    private final CarrierCircuitBreaker circuitBreaker;
    private final PaymentAuthorizationClient authorizations;
    private final DispatchPermitClient permits;
    private final CarrierClient carrier;
    private final WorkflowCallbackClient workflow;
    private final OrderIncidents incidents;
    private final Counter booked;
    private final Counter invalidTokens;
    private final Counter outOfOrder;

    ShipmentService(
            Shipments shipments,
            CarrierCircuitBreaker circuitBreaker,
            PaymentAuthorizationClient authorizations,
            DispatchPermitClient permits,
            CarrierClient carrier,
            WorkflowCallbackClient workflow,
            OrderIncidents incidents,
            MeterRegistry meters) {
        this.shipments = shipments;
        this.circuitBreaker = circuitBreaker;
        this.authorizations = authorizations;
        this.permits = permits;
        this.carrier = carrier;
        this.workflow = workflow;
        this.incidents = incidents;
        this.booked = meters.counter("shipments.booked");
        this.invalidTokens = meters.counter("shipments.task.tokens.invalid");
        this.outOfOrder = meters.counter("shipments.out.of.order");
    }

    /// Stores the workflow's request to ship an order, and processes it.
    ///
    /// @param requestedAt when the request was sent
    public AttemptResult arrange(UUID orderId, TaskToken token, Instant requestedAt) {
        shipments.apply(orderId, new ShipmentUpdate.ShipmentRequested(token, requestedAt));
        return proceed(orderId);
    }

    /// Checks with a heartbeat whether the workflow waits for an answer to a token.
    public CallbackResult checkToken(UUID orderId, TaskToken token) {
        var result = workflow.sendHeartbeat(token);
        if (result instanceof CallbackResult.TaskTokenInvalid(var error)) {
            logInvalidToken(orderId, error);
        }
        return result;
    }

    /// Cancels the shipment of an order whose cancellation order-service accepted. A workflow that
    /// waits is answered now; one whose request comes later is answered then.
    public AttemptResult cancel(UUID orderId) {
        return recordIncident(
                orderId, recordDecision(orderId, new ShipmentUpdate.CancellationRequested()));
    }

    /// Continues an order's shipment from its stored state.
    public AttemptResult proceed(UUID orderId) {
        return recordIncident(orderId, attempt(orderId));
    }

    private AttemptResult recordIncident(UUID orderId, AttemptResult result) {
        if (result instanceof AttemptDeferred(var reason)) {
            incidents.record(
                    orderId,
                    OrderIncidentType.ATTEMPT_DEFERRED,
                    "shipment",
                    "The shipment could not go on and is retried: %s.".formatted(reason));
        }
        return result;
    }

    private AttemptResult attempt(UUID orderId) {
        var shipment = shipments.find(orderId).orElse(null);
        if (shipment == null || !(shipment.callback() instanceof CallbackPending(var token, _))) {
            return AttemptResult.COMPLETED;
        }
        if (shipment.state().isFinal()) {
            return answerWorkflow(shipment);
        }
        // Checked before the dispatch permit is requested: an order with a permit can no longer be
        // cancelled, and during an outage of the carrier its customer should still be able to.
        var callPermit = circuitBreaker.tryAcquirePermit().orElse(null);
        if (callPermit == null) {
            return new AttemptDeferred("carrier: the circuit breaker is open");
        }
        try (callPermit) {
            return switch (workflow.sendHeartbeat(token)) {
                case CallbackResult.CallbackAccepted _ -> verifyAuthorization(shipment, callPermit);
                case CallbackResult.TaskTokenInvalid(var error) ->
                        recordInvalidToken(orderId, token, error);
                case CallbackResult.WorkflowUnreachable(var reason) ->
                        new AttemptDeferred("workflow: " + reason);
            };
        }
    }

    /// Checked before the permit and before each booking: after the dispatch, an expired
    /// authorisation can no longer be captured.
    private AttemptResult verifyAuthorization(Shipment shipment, CallPermit callPermit) {
        return switch (authorizations.verify(shipment.orderId())) {
            case AuthorizationCheckResult.AuthorizationValid _ ->
                    requestPermit(shipment, callPermit);
            case AuthorizationCheckResult.AuthorizationInsufficient _ ->
                    shipment.state() instanceof ShipmentPermitted
                            ? withdrawBooking(shipment.orderId(), callPermit)
                            : endUnauthorized(shipment.orderId());
            case AuthorizationCheckResult.NoPaymentFound _ ->
                    new AttemptRejected("payment-service has no payment for the order");
            case AuthorizationCheckResult.AuthorizationCheckFailed(var reason) ->
                    new AttemptDeferred("authorisation check: " + reason);
        };
    }

    private AttemptResult endUnauthorized(UUID orderId) {
        var transition = apply(orderId, new ShipmentUpdate.AuthorizationExpiryReported());
        return transition.shipment().state().isFinal()
                ? answerWorkflow(transition.shipment())
                : new AttemptDeferred(
                        "authorisation expired while another delivery holds the dispatch permit");
    }

    /// An earlier attempt may have created a booking whose answer was lost.
    private AttemptResult withdrawBooking(UUID orderId, CallPermit callPermit) {
        return switch (carrier.withdraw(orderId)) {
            case CarrierClient.WithdrawalResult.WithdrawalConfirmed _ -> {
                callPermit.recordSuccess();
                yield recordDecision(orderId, new ShipmentUpdate.BookingWithdrawn());
            }
            case CarrierClient.WithdrawalResult.WithdrawalTooLate(var number) -> {
                callPermit.recordSuccess();
                log.error(
                        "order {}: the carrier has the parcel and its payment authorisation expired;"
                                + " the capture will fail",
                        orderId);
                yield recordDecision(orderId, new ShipmentUpdate.CarrierBooked(number));
            }
            case CarrierClient.WithdrawalResult.WithdrawalUnknown(var reason) -> {
                callPermit.recordFailure();
                yield new AttemptDeferred("carrier: " + reason);
            }
        };
    }

    private AttemptResult requestPermit(Shipment shipment, CallPermit callPermit) {
        return switch (permits.requestPermit(shipment.orderId())) {
            case DispatchPermitClient.PermitRequestResult.DispatchPermitGranted(var parcel) ->
                    book(shipment.orderId(), parcel, callPermit);
            case DispatchPermitClient.PermitRequestResult.DispatchPermitDenied _ ->
                    recordDecision(shipment.orderId(), new ShipmentUpdate.PermitDenied());
            case DispatchPermitClient.PermitRequestResult.DispatchOrderUnknown _ ->
                    new AttemptRejected("order-service does not know the order");
            case DispatchPermitClient.PermitRequestResult.DispatchPermitUnavailable(var reason) ->
                    new AttemptDeferred("dispatch permit: " + reason);
        };
    }

    private AttemptResult book(UUID orderId, Parcel parcel, CallPermit callPermit) {
        var transition = apply(orderId, new ShipmentUpdate.PermitGranted());
        if (transition instanceof ShipmentTransition.ShipmentOutOfOrder(_, var contradiction)) {
            return new AttemptRejected(contradiction);
        }
        if (!(transition.shipment().state() instanceof ShipmentPermitted)) {
            // Another delivery of the same request has completed the shipment.
            return answerWorkflow(transition.shipment());
        }
        return switch (carrier.book(orderId, parcel)) {
            case CarrierClient.CarrierBookingResult.BookingConfirmed(var number) -> {
                callPermit.recordSuccess();
                yield recordDecision(orderId, new ShipmentUpdate.CarrierBooked(number));
            }
            case CarrierClient.CarrierBookingResult.BookingRejected _ -> {
                callPermit.recordSuccess();
                yield recordDecision(orderId, new ShipmentUpdate.CarrierRejected());
            }
            case CarrierClient.CarrierBookingResult.BookingUnknown(var reason) -> {
                callPermit.recordFailure();
                yield new AttemptDeferred("carrier: " + reason);
            }
        };
    }

    /// Stores a decision and reports it to the workflow.
    private AttemptResult recordDecision(UUID orderId, ShipmentUpdate decision) {
        return switch (apply(orderId, decision)) {
            case ShipmentTransition.ShipmentMoved(var shipment) -> {
                if (shipment.state() instanceof ShipmentBooked) {
                    booked.increment();
                }
                yield answerWorkflow(shipment);
            }
            case ShipmentTransition.ShipmentUnchanged(var shipment) -> answerWorkflow(shipment);
            case ShipmentTransition.ShipmentOutOfOrder(_, var contradiction) ->
                    new AttemptRejected(contradiction);
        };
    }

    private AttemptResult answerWorkflow(Shipment shipment) {
        if (!(shipment.callback() instanceof CallbackPending(var token, _))) {
            return AttemptResult.COMPLETED;
        }
        var result =
                switch (shipment.state()) {
                    case ShipmentBooked(var number) ->
                            workflow.reportShipped(token, shipment.id(), number);
                    case ShipmentCancelled _ -> workflow.reportCancelled(token);
                    case ShipmentRejected _ -> workflow.reportRejected(token);
                    case AuthorizationExpired _ -> workflow.reportAuthorizationExpired(token);
                    case ShipmentWaiting _, ShipmentPermitted _ ->
                            throw new IllegalStateException(
                                    "the shipment of order "
                                            + shipment.orderId()
                                            + " is not final");
                };
        return switch (result) {
            case CallbackResult.CallbackAccepted _ -> {
                apply(shipment.orderId(), new ShipmentUpdate.AnswerAccepted(token));
                yield AttemptResult.COMPLETED;
            }
            case CallbackResult.TaskTokenInvalid(var error) ->
                    recordInvalidToken(shipment.orderId(), token, error);
            case CallbackResult.WorkflowUnreachable(var reason) ->
                    new AttemptDeferred("workflow: " + reason);
        };
    }

    private AttemptResult recordInvalidToken(UUID orderId, TaskToken token, String error) {
        logInvalidToken(orderId, error);
        apply(orderId, new ShipmentUpdate.TaskTokenRejected(token, error));
        return AttemptResult.COMPLETED;
    }

    private void logInvalidToken(UUID orderId, String error) {
        log.info("order {}: the shipping task token has expired or is unknown: {}", orderId, error);
        invalidTokens.increment();
    }

    private ShipmentTransition apply(UUID orderId, ShipmentUpdate report) {
        var transition = shipments.apply(orderId, report);
        if (transition instanceof ShipmentTransition.ShipmentOutOfOrder(_, var contradiction)) {
            log.error("order {}: report out of order: {}", orderId, contradiction);
            outOfOrder.increment();
        }
        return transition;
    }
}
