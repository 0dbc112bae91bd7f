package dev.orderflow.shipping.arrangement;

import dev.orderflow.shipping.arrangement.OutageGate.Passage;
import dev.orderflow.shipping.arrangement.WaitingWorkflow.Reception;
import dev.orderflow.shipping.domain.Caller.Awaiting;
import dev.orderflow.shipping.domain.Change;
import dev.orderflow.shipping.domain.Progress;
import dev.orderflow.shipping.domain.Progress.Booked;
import dev.orderflow.shipping.domain.Progress.Cancelled;
import dev.orderflow.shipping.domain.Progress.Permitted;
import dev.orderflow.shipping.domain.Progress.Refused;
import dev.orderflow.shipping.domain.Progress.Waiting;
import dev.orderflow.shipping.domain.Report;
import dev.orderflow.shipping.domain.Shipment;
import dev.orderflow.shipping.domain.TaskToken;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/// Takes a shipment from wherever it is to its end. Every step is written down before the next one
/// begins, and every step may be repeated.
@Service
public class Arrangement {

    private static final Logger log = LoggerFactory.getLogger(Arrangement.class);

    private final Shipments shipments;
    private final OutageGate gate;
    private final PaymentHolds holds;
    private final PermitDesk permits;
    private final Carrier carrier;
    private final WaitingWorkflow workflow;
    private final Counter booked;
    private final Counter unanswerable;
    private final Counter outOfTurn;

    Arrangement(
            Shipments shipments,
            OutageGate gate,
            PaymentHolds holds,
            PermitDesk permits,
            Carrier carrier,
            WaitingWorkflow workflow,
            MeterRegistry meters) {
        this.shipments = shipments;
        this.gate = gate;
        this.holds = holds;
        this.permits = permits;
        this.carrier = carrier;
        this.workflow = workflow;
        this.booked = meters.counter("shipments.booked");
        this.unanswerable = meters.counter("shipments.unanswerable");
        this.outOfTurn = meters.counter("shipments.out.of.turn");
    }

    /// The workflow asks for an order to be shipped.
    ///
    /// @param at when it asked
    public Attempt arrange(UUID orderId, TaskToken token, Instant at) {
        shipments.tell(orderId, new Report.Asked(token, at));
        return attempt(orderId);
    }

    /// The customer was allowed to cancel. A workflow that waits hears of it at once; one that asks
    /// later finds the mark this leaves.
    public Attempt cancel(UUID orderId) {
        return settle(orderId, new Report.CancellationRequested());
    }

    /// Goes on with an order's shipment.
    public Attempt attempt(UUID orderId) {
        var shipment = shipments.find(orderId).orElse(null);
        if (shipment == null || !(shipment.caller() instanceof Awaiting(var token, _))) {
            return Attempt.SETTLED;
        }
        if (shipment.progress().decided()) {
            return answer(shipment);
        }
        // Before the permit, not after: an order with a permit can no longer be cancelled, and
        // while the
        // carrier is away its customer should still be able to.
        var passage = gate.enter().orElse(null);
        if (passage == null) {
            return new Attempt.Later("the carrier is away");
        }
        try (passage) {
            return switch (workflow.stillWaiting(token)) {
                case Reception.Taken _ -> verifyHold(shipment, passage);
                case Reception.NobodyWaits(var why) -> nobodyWaits(orderId, token, why);
                case Reception.Unreachable(var why) -> new Attempt.Later("workflow: " + why);
            };
        }
    }

    /// Before the permit and before each booking: a parcel that has left cannot be paid for with a
    /// hold that has ended.
    private Attempt verifyHold(Shipment shipment, Passage passage) {
        return switch (holds.verify(shipment.orderId())) {
            case PaymentHolds.Hold.Lasts _ -> askPermit(shipment, passage);
            case PaymentHolds.Hold.Ended _ ->
                    shipment.progress() instanceof Permitted
                            ? withdraw(shipment.orderId(), passage)
                            : endForHold(shipment.orderId());
            case PaymentHolds.Hold.NoPayment _ ->
                    new Attempt.Stuck("payment-service does not know a payment of the order");
            case PaymentHolds.Hold.NoAnswer(var why) -> new Attempt.Later("hold: " + why);
        };
    }

    private Attempt endForHold(UUID orderId) {
        var change = tell(orderId, new Report.HoldEnded());
        return change.shipment().progress().decided()
                ? answer(change.shipment())
                : new Attempt.Later("hold: ended while another delivery has the dispatch permit");
    }

    /// An earlier attempt may have booked without an answer.
    private Attempt withdraw(UUID orderId, Passage passage) {
        return switch (carrier.withdraw(orderId)) {
            case Carrier.Withdrawal.Withdrawn _ -> {
                passage.carrierAnswered();
                yield settle(orderId, new Report.BookingWithdrawn());
            }
            case Carrier.Withdrawal.TooLate(var number) -> {
                passage.carrierAnswered();
                log.error("order {}: the carrier has the parcel, and its hold has ended", orderId);
                yield settle(orderId, new Report.CarrierBooked(number));
            }
            case Carrier.Withdrawal.Unknown(var why) -> {
                passage.carrierSilent();
                yield new Attempt.Later("carrier: " + why);
            }
        };
    }

    private Attempt askPermit(Shipment shipment, Passage passage) {
        return switch (permits.ask(shipment.orderId())) {
            case PermitDesk.Decision.Granted(var parcel) ->
                    book(shipment.orderId(), parcel, passage);
            case PermitDesk.Decision.Denied _ ->
                    settle(shipment.orderId(), new Report.PermitDenied());
            case PermitDesk.Decision.UnknownOrder _ ->
                    new Attempt.Stuck("order-service does not know the order");
            case PermitDesk.Decision.NoAnswer(var why) -> new Attempt.Later("permit: " + why);
        };
    }

    private Attempt book(UUID orderId, Parcel parcel, Passage passage) {
        var change = tell(orderId, new Report.PermitGranted());
        if (change instanceof Change.OutOfTurn(_, var what)) {
            return new Attempt.Stuck(what);
        }
        if (!(change.shipment().progress() instanceof Permitted)) {
            // Another delivery of the same request was faster.
            return answer(change.shipment());
        }
        return switch (carrier.book(orderId, parcel)) {
            case Carrier.Booking.Made(var number) -> {
                passage.carrierAnswered();
                yield settle(orderId, new Report.CarrierBooked(number));
            }
            case Carrier.Booking.Refused _ -> {
                passage.carrierAnswered();
                yield settle(orderId, new Report.CarrierRefused());
            }
            case Carrier.Booking.Unknown(var why) -> {
                passage.carrierSilent();
                yield new Attempt.Later("carrier: " + why);
            }
        };
    }

    /// Writes down a decision and tells it.
    private Attempt settle(UUID orderId, Report decision) {
        return switch (tell(orderId, decision)) {
            case Change.Moved(var shipment) -> {
                if (shipment.progress() instanceof Booked) {
                    booked.increment();
                }
                yield answer(shipment);
            }
            case Change.Same(var shipment) -> answer(shipment);
            case Change.OutOfTurn(_, var what) -> new Attempt.Stuck(what);
        };
    }

    private Attempt answer(Shipment shipment) {
        if (!(shipment.caller() instanceof Awaiting(var token, _))) {
            return Attempt.SETTLED;
        }
        var reception =
                switch (shipment.progress()) {
                    case Booked(var number) -> workflow.shipped(token, shipment.id(), number);
                    case Cancelled _ -> workflow.cancelled(token);
                    case Refused _ -> workflow.refused(token);
                    case Progress.HoldEnded _ -> workflow.holdEnded(token);
                    case Waiting _, Permitted _ ->
                            throw new IllegalStateException(
                                    "order " + shipment.orderId() + " has no outcome to tell");
                };
        return switch (reception) {
            case Reception.Taken _ -> {
                tell(shipment.orderId(), new Report.AnswerTaken(token));
                yield Attempt.SETTLED;
            }
            case Reception.NobodyWaits(var why) -> nobodyWaits(shipment.orderId(), token, why);
            case Reception.Unreachable(var why) -> new Attempt.Later("workflow: " + why);
        };
    }

    private Attempt nobodyWaits(UUID orderId, TaskToken token, String why) {
        log.info("order {}: the workflow takes no answer to its token: {}", orderId, why);
        unanswerable.increment();
        tell(orderId, new Report.NobodyWaits(token, why));
        return Attempt.SETTLED;
    }

    private Change tell(UUID orderId, Report report) {
        var change = shipments.tell(orderId, report);
        if (change instanceof Change.OutOfTurn(_, var what)) {
            log.error("order {}: {}", orderId, what);
            outOfTurn.increment();
        }
        return change;
    }
}
