package dev.orderflow.order.domain;

import dev.orderflow.order.domain.OrderState.CancelRequested;
import dev.orderflow.order.domain.OrderState.Cancelled;
import dev.orderflow.order.domain.OrderState.Confirmed;
import dev.orderflow.order.domain.OrderState.Dispatching;
import dev.orderflow.order.domain.OrderState.Final;
import dev.orderflow.order.domain.OrderState.Pending;
import dev.orderflow.order.domain.OrderState.Rejected;
import dev.orderflow.order.domain.OrderState.Shipped;

/// The life of an order as two tables: state × report and state × wish.
///
/// The compiler checks that they are total. Every move leads forward, so an order changes at most
/// three times.
public final class OrderStateMachine {

    private OrderStateMachine() {}

    /// What a report of the workflow means for an order.
    ///
    /// The permit to dispatch may be given while the order is still pending, since reports lag; and
    /// the shipment may be reported before the confirmation.
    public static Transition apply(OrderState state, WorkflowReport report) {
        return switch (new Input(state, report)) {
            case Input(Pending _, WorkflowReport.ConfirmationReport _) ->
                    new Transition.Moved(new Confirmed());
            case Input(Pending _, WorkflowReport.ShipmentReport _) ->
                    new Transition.Moved(new Shipped());
            case Input(Pending _, WorkflowReport.RejectionReport(var why)) -> moveToRejected(why);
            case Input(Pending _, WorkflowReport.CancellationReport _) ->
                    cancellationNotRequested();

            case Input(Confirmed _, WorkflowReport.ConfirmationReport _) ->
                    new Transition.Unchanged();
            case Input(Confirmed _, WorkflowReport.ShipmentReport _) ->
                    new Transition.Moved(new Shipped());
            case Input(Confirmed _, WorkflowReport.RejectionReport(var why))
                    when why.mayFollowConfirmation() ->
                    moveToRejected(why);
            case Input(Confirmed _, WorkflowReport.RejectionReport(var why)) ->
                    new Transition.OutOfOrder("rejected for " + why + " after it was confirmed");
            case Input(Confirmed _, WorkflowReport.CancellationReport _) ->
                    cancellationNotRequested();

            case Input(Dispatching _, WorkflowReport.ConfirmationReport _) -> new Transition.Late();
            case Input(Dispatching _, WorkflowReport.ShipmentReport _) ->
                    new Transition.Moved(new Shipped());
            case Input(Dispatching _, WorkflowReport.RejectionReport(var why))
                    when why.mayFollowConfirmation() ->
                    moveToRejected(why);
            case Input(Dispatching _, WorkflowReport.RejectionReport(var why)) ->
                    new Transition.OutOfOrder(
                            "rejected for " + why + " after dispatch was permitted");
            case Input(Dispatching _, WorkflowReport.CancellationReport _) ->
                    new Transition.OutOfOrder("cancelled after dispatch was permitted");

            case Input(CancelRequested _, WorkflowReport.ConfirmationReport _) ->
                    new Transition.Late();
            case Input(CancelRequested _, WorkflowReport.ShipmentReport _) ->
                    new Transition.OutOfOrder("shipped although cancellation was accepted");
            case Input(CancelRequested _, WorkflowReport.RejectionReport(var why)) ->
                    moveToRejected(why);
            case Input(CancelRequested _, WorkflowReport.CancellationReport _) ->
                    new Transition.Moved(new Cancelled());

            case Input(Shipped _, WorkflowReport.ConfirmationReport _) -> new Transition.Late();
            case Input(Shipped _, WorkflowReport.ShipmentReport _) -> new Transition.Unchanged();
            case Input(Shipped _, WorkflowReport.RejectionReport(var why)) ->
                    new Transition.OutOfOrder("rejected for " + why + " after it was shipped");
            case Input(Shipped _, WorkflowReport.CancellationReport _) ->
                    new Transition.OutOfOrder("cancelled after it was shipped");

            case Input(Rejected(var why), WorkflowReport.ConfirmationReport _)
                    when why.mayFollowConfirmation() ->
                    new Transition.Late();
            case Input(Rejected(var why), WorkflowReport.ConfirmationReport _) ->
                    new Transition.OutOfOrder("confirmed after it was rejected for " + why);
            case Input(Rejected _, WorkflowReport.ShipmentReport _) ->
                    new Transition.OutOfOrder("shipped after it was rejected");
            case Input(Rejected(var first), WorkflowReport.RejectionReport(var why))
                    when first == why ->
                    new Transition.Unchanged();
            case Input(Rejected(var first), WorkflowReport.RejectionReport(var why)) ->
                    new Transition.OutOfOrder("rejected for " + why + " after " + first);
            case Input(Rejected _, WorkflowReport.CancellationReport _) ->
                    new Transition.OutOfOrder("cancelled after it was rejected");

            case Input(Cancelled _, WorkflowReport.ConfirmationReport _) -> new Transition.Late();
            case Input(Cancelled _, WorkflowReport.ShipmentReport _) ->
                    new Transition.OutOfOrder("shipped after it was cancelled");
            case Input(Cancelled _, WorkflowReport.RejectionReport(var why)) ->
                    new Transition.OutOfOrder("rejected for " + why + " after it was cancelled");
            case Input(Cancelled _, WorkflowReport.CancellationReport _) ->
                    new Transition.Unchanged();
        };
    }

    /// Whether a wish is granted. Cancellation and dispatch exclude each other: whichever is stored
    /// first wins.
    public static CommandResult apply(OrderState state, OrderCommand wish) {
        return switch (wish) {
            case CANCEL ->
                    switch (state) {
                        case Pending _, Confirmed _ ->
                                new CommandResult.Granted(new CancelRequested());
                        case CancelRequested _, Cancelled _ -> new CommandResult.AlreadyGranted();
                        case Dispatching _, Shipped _, Rejected _ -> new CommandResult.Refused();
                    };
            case DISPATCH ->
                    switch (state) {
                        case Pending _, Confirmed _ -> new CommandResult.Granted(new Dispatching());
                        case Dispatching _ -> new CommandResult.AlreadyGranted();
                        case CancelRequested _, Final _ -> new CommandResult.Refused();
                    };
        };
    }

    private static Transition moveToRejected(RejectionReason why) {
        return new Transition.Moved(new Rejected(why));
    }

    private static Transition cancellationNotRequested() {
        return new Transition.OutOfOrder("cancelled although nobody had asked for it");
    }

    private record Input(OrderState state, WorkflowReport report) {}
}
