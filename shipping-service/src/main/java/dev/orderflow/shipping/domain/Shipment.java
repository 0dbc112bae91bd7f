package dev.orderflow.shipping.domain;

import dev.orderflow.shipping.domain.Caller.Answered;
import dev.orderflow.shipping.domain.Caller.Awaiting;
import dev.orderflow.shipping.domain.Caller.Gone;
import dev.orderflow.shipping.domain.Caller.Nobody;
import dev.orderflow.shipping.domain.Progress.Booked;
import dev.orderflow.shipping.domain.Progress.Cancelled;
import dev.orderflow.shipping.domain.Progress.Permitted;
import dev.orderflow.shipping.domain.Progress.Refused;
import dev.orderflow.shipping.domain.Progress.Waiting;
import dev.orderflow.shipping.domain.Report.AnswerTaken;
import dev.orderflow.shipping.domain.Report.Asked;
import dev.orderflow.shipping.domain.Report.BookingWithdrawn;
import dev.orderflow.shipping.domain.Report.CancellationRequested;
import dev.orderflow.shipping.domain.Report.CarrierBooked;
import dev.orderflow.shipping.domain.Report.CarrierRefused;
import dev.orderflow.shipping.domain.Report.NobodyWaits;
import dev.orderflow.shipping.domain.Report.PermitDenied;
import dev.orderflow.shipping.domain.Report.PermitGranted;
import java.time.Instant;
import java.util.UUID;

/// The one shipment of an order.
///
/// It holds no address: that comes with the dispatch permit, each time it is asked for, and goes
/// straight to the carrier.
///
/// @param id the shipment's own id
/// @param orderId the order it is for
/// @param progress how far it is
/// @param caller who waits for the outcome
public record Shipment(UUID id, UUID orderId, Progress progress, Caller caller) {

    /// An order's shipment before anything was heard of it.
    public static Shipment unheardOf(UUID id, UUID orderId) {
        return new Shipment(id, orderId, new Waiting(), new Nobody());
    }

    /// What a report means to this shipment. Several deliveries of one request may be at work at
    /// the same moment, so a report that another delivery has made unnecessary is no contradiction.
    public Change on(Report report) {
        return switch (new Turn(progress, report)) {
            case Turn(_, Asked asked) -> asked(asked);
            case Turn(_, AnswerTaken(var token)) -> answerTaken(token);
            case Turn(_, NobodyWaits(var token, var why)) -> nobodyWaits(token, why);

            case Turn(Waiting _, CancellationRequested _) -> moved(new Cancelled());
            case Turn(Refused _, CancellationRequested _) -> same();
            case Turn(Cancelled _, CancellationRequested _) -> same();
            case Turn(Progress.HoldEnded _, CancellationRequested _) -> same();
            case Turn(Permitted _, CancellationRequested _) ->
                    outOfTurn("cancellation of a shipment that has its dispatch permit");
            case Turn(Booked _, CancellationRequested _) ->
                    outOfTurn("cancellation of a shipment that the carrier has");

            case Turn(Waiting _, PermitGranted _) -> moved(new Permitted());
            case Turn(Permitted _, PermitGranted _) -> same();
            case Turn(Booked _, PermitGranted _) -> same();
            case Turn(Refused _, PermitGranted _) -> same();
            // The hold ended between this delivery's two questions.
            case Turn(Progress.HoldEnded _, PermitGranted _) -> same();
            case Turn(Cancelled _, PermitGranted _) ->
                    outOfTurn("dispatch permit for a cancelled shipment");

            case Turn(Waiting _, PermitDenied _) -> moved(new Cancelled());
            case Turn(Cancelled _, PermitDenied _) -> same();
            // The order ended while this delivery still asked.
            case Turn(Booked _, PermitDenied _) -> same();
            case Turn(Refused _, PermitDenied _) -> same();
            case Turn(Progress.HoldEnded _, PermitDenied _) -> same();
            case Turn(Permitted _, PermitDenied _) ->
                    outOfTurn("dispatch permit withdrawn after it was given");

            case Turn(Waiting _, Report.HoldEnded _) -> moved(new Progress.HoldEnded());
            // The carrier may have the parcel; it is asked first.
            case Turn(Permitted _, Report.HoldEnded _) -> same();
            case Turn(Booked _, Report.HoldEnded _) -> same();
            case Turn(Refused _, Report.HoldEnded _) -> same();
            case Turn(Cancelled _, Report.HoldEnded _) -> same();
            case Turn(Progress.HoldEnded _, Report.HoldEnded _) -> same();

            case Turn(Permitted _, BookingWithdrawn _) -> moved(new Progress.HoldEnded());
            case Turn(Progress.HoldEnded _, BookingWithdrawn _) -> same();
            case Turn(Refused _, BookingWithdrawn _) -> same();
            case Turn(Booked _, BookingWithdrawn _) ->
                    outOfTurn("withdrawal of a parcel that the carrier has");
            case Turn(_, BookingWithdrawn _) -> outOfTurn("withdrawal without a dispatch permit");

            case Turn(Permitted _, CarrierBooked(var number)) -> moved(new Booked(number));
            case Turn(Booked(var known), CarrierBooked(var number)) when known.equals(number) ->
                    same();
            case Turn(Booked _, CarrierBooked _) -> outOfTurn("second booking at the carrier");
            case Turn(Progress.HoldEnded _, CarrierBooked _) ->
                    outOfTurn("booking of a parcel that was withdrawn");
            case Turn(_, CarrierBooked _) -> outOfTurn("booking without a dispatch permit");

            case Turn(Permitted _, CarrierRefused _) -> moved(new Refused());
            case Turn(Refused _, CarrierRefused _) -> same();
            case Turn(Progress.HoldEnded _, CarrierRefused _) -> same();
            case Turn(Booked _, CarrierRefused _) ->
                    outOfTurn("refusal of a parcel that the carrier has");
            case Turn(_, CarrierRefused _) -> outOfTurn("refusal without a dispatch permit");
        };
    }

    private record Turn(Progress progress, Report report) {}

    /// The newest token counts. A queue may deliver an old request after a newer one, so "newest"
    /// is when it was sent and not when it came.
    private Change asked(Asked asked) {
        var awaiting = with(new Awaiting(asked.token(), asked.at()));
        return switch (caller) {
            case Nobody _ -> new Change.Moved(awaiting);
            case Awaiting(var token, var at) -> supersedes(asked, token, at, awaiting);
            case Answered(var token, var at) -> supersedes(asked, token, at, awaiting);
            case Gone(var token, var at, _) -> supersedes(asked, token, at, awaiting);
        };
    }

    private Change supersedes(Asked asked, TaskToken known, Instant knownSince, Shipment awaiting) {
        return known.equals(asked.token()) || asked.at().isBefore(knownSince)
                ? same()
                : new Change.Moved(awaiting);
    }

    private Change answerTaken(TaskToken taken) {
        return switch (caller) {
            case Awaiting(var token, var at) when token.equals(taken) ->
                    progress.decided()
                            ? new Change.Moved(with(new Answered(token, at)))
                            : outOfTurn("answer to the workflow before there was one");
            // Two deliveries answered; the one that was refused was written down first.
            case Gone(var token, var at, _) when token.equals(taken) && progress.decided() ->
                    new Change.Moved(with(new Answered(token, at)));
            case Awaiting _, Gone _, Answered _, Nobody _ -> same();
        };
    }

    private Change nobodyWaits(TaskToken refused, String why) {
        return switch (caller) {
            case Awaiting(var token, var at) when token.equals(refused) ->
                    new Change.Moved(with(new Gone(token, at, why)));
            case Awaiting _, Gone _, Answered _, Nobody _ -> same();
        };
    }

    private Shipment with(Caller other) {
        return new Shipment(id, orderId, progress, other);
    }

    private Change moved(Progress next) {
        return new Change.Moved(new Shipment(id, orderId, next, caller));
    }

    private Change same() {
        return new Change.Same(this);
    }

    private Change outOfTurn(String what) {
        return new Change.OutOfTurn(this, what);
    }
}
