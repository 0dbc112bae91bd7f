package dev.orderflow.inventory.domain;

import java.util.Optional;

/// What inventory knows of one order.
public sealed interface Standing {

    /// Nothing yet.
    record Unheard() implements Standing {}

    /// All lines are kept for it.
    record Held(Lines lines) implements Standing {}

    /// A line was not there, so none was kept. It stays so: a repeat gets the same answer even
    /// when goods came in meanwhile, because the workflow may have moved on.
    record Refused(Lines lines, Shortage shortage) implements Standing {}

    /// Nothing is kept and nothing will be.
    ///
    /// @param lines empty when the release came before the reservation: a tombstone
    record Released(Optional<Lines> lines) implements Standing {}

    /// The goods have left.
    record Fulfilled(Lines lines) implements Standing {}

    /// Given back because the order was over.
    record Expired(Lines lines) implements Standing {}

    /// The table: what each report leads to in each standing.
    default Decision on(Report report) {
        return switch (report) {
            case Report.Wanted(var wanted) ->
                    switch (this) {
                        case Unheard _ -> new Decision.Hold(wanted);
                        case Held(var lines) -> sameOrOther(lines, wanted);
                        case Refused(var lines, var _) -> sameOrOther(lines, wanted);
                        case Fulfilled(var lines) -> sameOrOther(lines, wanted);
                        case Released _ -> new Decision.Gone(Status.RELEASED);
                        case Expired _ -> new Decision.Gone(Status.EXPIRED);
                    };
            case Report.LetGo _ ->
                    switch (this) {
                        case Held(var lines) ->
                                new Decision.Move(lines, Movement.RELEASED, Status.RELEASED);
                        case Unheard _, Refused _, Expired _ -> new Decision.Mark(Status.RELEASED);
                        case Released _ -> new Decision.AsBefore();
                        case Fulfilled _ -> new Decision.TooLate();
                    };
            case Report.Shipped(var shipped) ->
                    switch (this) {
                        case Held(var lines) when lines.equals(shipped) ->
                                new Decision.Move(lines, Movement.SHIPPED, Status.FULFILLED);
                        case Fulfilled(var lines) when lines.equals(shipped) ->
                                new Decision.AsBefore();
                        case Held _, Fulfilled _ ->
                                new Decision.OutOfTurn("shipped other lines than were reserved");
                        case Unheard _ ->
                                new Decision.OutOfTurn("shipped an order without a reservation");
                        case Refused _ ->
                                new Decision.OutOfTurn("shipped an order that was out of stock");
                        case Released _ ->
                                new Decision.OutOfTurn("shipped an order whose stock was released");
                        case Expired _ ->
                                new Decision.OutOfTurn("shipped an order whose stock had expired");
                    };
            case Report.Overdue _ ->
                    switch (this) {
                        case Held(var lines) ->
                                new Decision.Move(lines, Movement.EXPIRED, Status.EXPIRED);
                        case Unheard _, Refused _, Released _, Fulfilled _, Expired _ ->
                                new Decision.AsBefore();
                    };
        };
    }

    private static Decision sameOrOther(Lines first, Lines wanted) {
        return first.equals(wanted) ? new Decision.AsBefore() : new Decision.OtherLines();
    }
}
