package dev.orderflow.order.domain;

import dev.orderflow.order.domain.State.CancelRequested;
import dev.orderflow.order.domain.State.Cancelled;
import dev.orderflow.order.domain.State.Confirmed;
import dev.orderflow.order.domain.State.Dispatching;
import dev.orderflow.order.domain.State.Final;
import dev.orderflow.order.domain.State.Pending;
import dev.orderflow.order.domain.State.Rejected;
import dev.orderflow.order.domain.State.Shipped;

/// The life of an order as two tables: state × report and state × wish.
///
/// The compiler checks that they are total. Every move leads forward, so an order changes at most
/// three times.
public final class Lifecycle {

    private Lifecycle() {}

    /// What a report of the workflow means for an order.
    ///
    /// The permit to dispatch may be given while the order is still pending, since reports lag; and
    /// the shipment may be reported before the confirmation.
    public static Verdict on(State state, Report report) {
        return switch (new Heard(state, report)) {
            case Heard(Pending _, Report.Confirmed _) -> new Verdict.Move(new Confirmed());
            case Heard(Pending _, Report.Shipped _) -> new Verdict.Move(new Shipped());
            case Heard(Pending _, Report.Rejected(var why)) -> rejected(why);
            case Heard(Pending _, Report.Cancelled _) -> nobodyAsked();

            case Heard(Confirmed _, Report.Confirmed _) -> new Verdict.Known();
            case Heard(Confirmed _, Report.Shipped _) -> new Verdict.Move(new Shipped());
            case Heard(Confirmed _, Report.Rejected(var why)) when why.mayFollowConfirmation() ->
                    rejected(why);
            case Heard(Confirmed _, Report.Rejected(var why)) ->
                    new Verdict.OutOfTurn("rejected for " + why + " after it was confirmed");
            case Heard(Confirmed _, Report.Cancelled _) -> nobodyAsked();

            case Heard(Dispatching _, Report.Confirmed _) -> new Verdict.Late();
            case Heard(Dispatching _, Report.Shipped _) -> new Verdict.Move(new Shipped());
            case Heard(Dispatching _, Report.Rejected(var why)) when why.mayFollowConfirmation() ->
                    rejected(why);
            case Heard(Dispatching _, Report.Rejected(var why)) ->
                    new Verdict.OutOfTurn("rejected for " + why + " after dispatch was permitted");
            case Heard(Dispatching _, Report.Cancelled _) ->
                    new Verdict.OutOfTurn("cancelled after dispatch was permitted");

            case Heard(CancelRequested _, Report.Confirmed _) -> new Verdict.Late();
            case Heard(CancelRequested _, Report.Shipped _) ->
                    new Verdict.OutOfTurn("shipped although cancellation was accepted");
            case Heard(CancelRequested _, Report.Rejected(var why)) -> rejected(why);
            case Heard(CancelRequested _, Report.Cancelled _) -> new Verdict.Move(new Cancelled());

            case Heard(Shipped _, Report.Confirmed _) -> new Verdict.Late();
            case Heard(Shipped _, Report.Shipped _) -> new Verdict.Known();
            case Heard(Shipped _, Report.Rejected(var why)) ->
                    new Verdict.OutOfTurn("rejected for " + why + " after it was shipped");
            case Heard(Shipped _, Report.Cancelled _) ->
                    new Verdict.OutOfTurn("cancelled after it was shipped");

            case Heard(Rejected(var why), Report.Confirmed _) when why.mayFollowConfirmation() ->
                    new Verdict.Late();
            case Heard(Rejected(var why), Report.Confirmed _) ->
                    new Verdict.OutOfTurn("confirmed after it was rejected for " + why);
            case Heard(Rejected _, Report.Shipped _) ->
                    new Verdict.OutOfTurn("shipped after it was rejected");
            case Heard(Rejected(var first), Report.Rejected(var why)) when first == why ->
                    new Verdict.Known();
            case Heard(Rejected(var first), Report.Rejected(var why)) ->
                    new Verdict.OutOfTurn("rejected for " + why + " after " + first);
            case Heard(Rejected _, Report.Cancelled _) ->
                    new Verdict.OutOfTurn("cancelled after it was rejected");

            case Heard(Cancelled _, Report.Confirmed _) -> new Verdict.Late();
            case Heard(Cancelled _, Report.Shipped _) ->
                    new Verdict.OutOfTurn("shipped after it was cancelled");
            case Heard(Cancelled _, Report.Rejected(var why)) ->
                    new Verdict.OutOfTurn("rejected for " + why + " after it was cancelled");
            case Heard(Cancelled _, Report.Cancelled _) -> new Verdict.Known();
        };
    }

    /// Whether a wish is granted. Cancellation and dispatch exclude each other: whichever is stored
    /// first wins.
    public static Reply on(State state, Wish wish) {
        return switch (wish) {
            case CANCEL ->
                    switch (state) {
                        case Pending _, Confirmed _ -> new Reply.Granted(new CancelRequested());
                        case CancelRequested _, Cancelled _ -> new Reply.GrantedBefore();
                        case Dispatching _, Shipped _, Rejected _ -> new Reply.Refused();
                    };
            case DISPATCH ->
                    switch (state) {
                        case Pending _, Confirmed _ -> new Reply.Granted(new Dispatching());
                        case Dispatching _ -> new Reply.GrantedBefore();
                        case CancelRequested _, Final _ -> new Reply.Refused();
                    };
        };
    }

    private static Verdict rejected(RejectionReason why) {
        return new Verdict.Move(new Rejected(why));
    }

    private static Verdict nobodyAsked() {
        return new Verdict.OutOfTurn("cancelled although nobody had asked for it");
    }

    private record Heard(State state, Report report) {}
}
