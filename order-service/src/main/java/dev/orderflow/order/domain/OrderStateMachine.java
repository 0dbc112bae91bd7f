package dev.orderflow.order.domain;

import dev.orderflow.order.domain.OrderState.CancelRequested;
import dev.orderflow.order.domain.OrderState.Cancelled;
import dev.orderflow.order.domain.OrderState.Confirmed;
import dev.orderflow.order.domain.OrderState.Dispatching;
import dev.orderflow.order.domain.OrderState.Final;
import dev.orderflow.order.domain.OrderState.Pending;
import dev.orderflow.order.domain.OrderState.Rejected;
import dev.orderflow.order.domain.OrderState.Shipped;

/// The state machine of an order as two tables: state × workflow report and state × command.
///
/// The compiler checks that both tables are total. Every transition leads forward, so an order
/// changes its state at most [#MAX_TRANSITIONS] times.
public final class OrderStateMachine {

    /// The longest path through the states: PENDING, CONFIRMED, then DISPATCHING or
    /// CANCEL_REQUESTED, then a final state.
    public static final int MAX_TRANSITIONS = 3;

    private OrderStateMachine() {}

    /// Decides what a workflow report means for an order in the given state.
    ///
    /// Reports arrive late: the dispatch permit may be granted while the order is still PENDING,
    /// and the shipment may be reported before the confirmation.
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

    /// Decides whether a command is granted. Cancellation and dispatch exclude each other: the one
    /// that is stored first wins.
    public static CommandResult apply(OrderState state, OrderCommand command) {
        return switch (command) {
            case CANCEL ->
                    switch (state) {
                        case Pending _, Confirmed _ ->
                                new CommandResult.CommandGranted(new CancelRequested());
                        case CancelRequested _, Cancelled _ ->
                                new CommandResult.CommandAlreadyGranted();
                        case Dispatching _, Shipped _, Rejected _ ->
                                new CommandResult.CommandRefused();
                    };
            case DISPATCH ->
                    switch (state) {
                        case Pending _, Confirmed _ ->
                                new CommandResult.CommandGranted(new Dispatching());
                        case Dispatching _ -> new CommandResult.CommandAlreadyGranted();
                        case CancelRequested _, Final _ -> new CommandResult.CommandRefused();
                    };
        };
    }

    private static Transition moveToRejected(RejectionReason why) {
        return new Transition.Moved(new Rejected(why));
    }

    private static Transition cancellationNotRequested() {
        return new Transition.OutOfOrder("cancelled although no cancellation was requested");
    }

    private record Input(OrderState state, WorkflowReport report) {}
}
