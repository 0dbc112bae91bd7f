package dev.orderflow.inventory.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.orderflow.contracts.value.Sku;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReservationStateTest {

    private static final ReservationLines MUGS =
            ReservationLines.of(List.of(new ReservationLine(new Sku("MUG-BLUE"), 2)));
    private static final ReservationLines POTS =
            ReservationLines.of(List.of(new ReservationLine(new Sku("TEAPOT"), 1)));

    private static final ReservationState UNHEARD = new ReservationState.NoReservation();
    private static final ReservationState HELD = new ReservationState.StockHeld(MUGS);
    private static final ReservationState REFUSED =
            new ReservationState.ReservationRefused(MUGS, new Shortage(new Sku("MUG-BLUE"), 2, 1));
    private static final ReservationState RELEASED =
            new ReservationState.ReservationReleased(Optional.of(MUGS));
    private static final ReservationState TOMBSTONE =
            new ReservationState.ReservationReleased(Optional.empty());
    private static final ReservationState FULFILLED =
            new ReservationState.ReservationFulfilled(MUGS);
    private static final ReservationState EXPIRED = new ReservationState.ReservationExpired(MUGS);

    private static final ReservationEvent WANTED = new ReservationEvent.ReservationRequested(MUGS);
    private static final ReservationEvent OTHERS_WANTED =
            new ReservationEvent.ReservationRequested(POTS);
    private static final ReservationEvent LET_GO = new ReservationEvent.ReleaseRequested();
    private static final ReservationEvent SHIPPED = new ReservationEvent.ShipmentReported(MUGS);
    private static final ReservationEvent OTHERS_SHIPPED =
            new ReservationEvent.ShipmentReported(POTS);
    private static final ReservationEvent OVERDUE = new ReservationEvent.OrderEndedUnshipped();

    private static final ReservationDecision AS_BEFORE = new ReservationDecision.KeepState();
    private static final ReservationDecision OTHER_LINES =
            new ReservationDecision.RefuseDifferentLines();
    private static final ReservationDecision TOO_LATE = new ReservationDecision.RefuseFulfilled();
    private static final ReservationDecision RELEASE =
            new ReservationDecision.ChangeStatus(ReservationStatus.RELEASED);

    /// Every standing with every report.
    static Stream<Arguments> table() {
        return Stream.of(
                row(UNHEARD, WANTED, new ReservationDecision.HoldStock(MUGS)),
                row(UNHEARD, OTHERS_WANTED, new ReservationDecision.HoldStock(POTS)),
                row(UNHEARD, LET_GO, RELEASE),
                row(UNHEARD, SHIPPED, outOfTurn("shipped an order without a reservation")),
                row(UNHEARD, OTHERS_SHIPPED, outOfTurn("shipped an order without a reservation")),
                row(UNHEARD, OVERDUE, AS_BEFORE),
                row(HELD, WANTED, AS_BEFORE),
                row(HELD, OTHERS_WANTED, OTHER_LINES),
                row(
                        HELD,
                        LET_GO,
                        new ReservationDecision.MoveStock(
                                MUGS, StockMovement.RELEASED, ReservationStatus.RELEASED)),
                row(
                        HELD,
                        SHIPPED,
                        new ReservationDecision.MoveStock(
                                MUGS, StockMovement.SHIPPED, ReservationStatus.FULFILLED)),
                row(HELD, OTHERS_SHIPPED, outOfTurn("shipped other lines than were reserved")),
                row(
                        HELD,
                        OVERDUE,
                        new ReservationDecision.MoveStock(
                                MUGS, StockMovement.EXPIRED, ReservationStatus.EXPIRED)),
                row(REFUSED, WANTED, AS_BEFORE),
                row(REFUSED, OTHERS_WANTED, OTHER_LINES),
                row(REFUSED, LET_GO, RELEASE),
                row(REFUSED, SHIPPED, outOfTurn("shipped an order that was out of stock")),
                row(REFUSED, OTHERS_SHIPPED, outOfTurn("shipped an order that was out of stock")),
                row(REFUSED, OVERDUE, AS_BEFORE),
                row(
                        RELEASED,
                        WANTED,
                        new ReservationDecision.RefuseEnded(ReservationStatus.RELEASED)),
                row(
                        RELEASED,
                        OTHERS_WANTED,
                        new ReservationDecision.RefuseEnded(ReservationStatus.RELEASED)),
                row(RELEASED, LET_GO, AS_BEFORE),
                row(RELEASED, SHIPPED, outOfTurn("shipped an order whose stock was released")),
                row(
                        RELEASED,
                        OTHERS_SHIPPED,
                        outOfTurn("shipped an order whose stock was released")),
                row(RELEASED, OVERDUE, AS_BEFORE),
                row(
                        TOMBSTONE,
                        WANTED,
                        new ReservationDecision.RefuseEnded(ReservationStatus.RELEASED)),
                row(
                        TOMBSTONE,
                        OTHERS_WANTED,
                        new ReservationDecision.RefuseEnded(ReservationStatus.RELEASED)),
                row(TOMBSTONE, LET_GO, AS_BEFORE),
                row(TOMBSTONE, SHIPPED, outOfTurn("shipped an order whose stock was released")),
                row(
                        TOMBSTONE,
                        OTHERS_SHIPPED,
                        outOfTurn("shipped an order whose stock was released")),
                row(TOMBSTONE, OVERDUE, AS_BEFORE),
                row(FULFILLED, WANTED, AS_BEFORE),
                row(FULFILLED, OTHERS_WANTED, OTHER_LINES),
                row(FULFILLED, LET_GO, TOO_LATE),
                row(FULFILLED, SHIPPED, AS_BEFORE),
                row(FULFILLED, OTHERS_SHIPPED, outOfTurn("shipped other lines than were reserved")),
                row(FULFILLED, OVERDUE, AS_BEFORE),
                row(
                        EXPIRED,
                        WANTED,
                        new ReservationDecision.RefuseEnded(ReservationStatus.EXPIRED)),
                row(
                        EXPIRED,
                        OTHERS_WANTED,
                        new ReservationDecision.RefuseEnded(ReservationStatus.EXPIRED)),
                row(EXPIRED, LET_GO, RELEASE),
                row(EXPIRED, SHIPPED, outOfTurn("shipped an order whose stock had expired")),
                row(EXPIRED, OTHERS_SHIPPED, outOfTurn("shipped an order whose stock had expired")),
                row(EXPIRED, OVERDUE, AS_BEFORE));
    }

    @ParameterizedTest
    @MethodSource("table")
    void everyReportHasItsDecisionInEveryStanding(
            ReservationState standing, ReservationEvent report, ReservationDecision decision) {
        assertThat(standing.decide(report)).isEqualTo(decision);
    }

    @Test
    void theTableIsWhole() {
        long standings = table().map(row -> row.get()[0]).distinct().count();
        long reports = table().map(row -> row.get()[1]).distinct().count();
        assertThat(table().map(row -> List.of(row.get()[0], row.get()[1])).distinct())
                .hasSize((int) (standings * reports));
        // A released reservation and a tombstone are one kind of standing; wanted and shipped come
        // twice.
        assertThat(standings).isEqualTo(ReservationState.class.getPermittedSubclasses().length + 1);
        assertThat(reports).isEqualTo(ReservationEvent.class.getPermittedSubclasses().length + 2);
    }

    @Test
    void stockIsGivenBackOrShippedOnlyWhereItWasHeld() {
        assertThat(table())
                .filteredOn(row -> row.get()[2] instanceof ReservationDecision.MoveStock)
                .allSatisfy(
                        row ->
                                assertThat(row.get()[0])
                                        .isInstanceOf(ReservationState.StockHeld.class));
    }

    @Test
    void linesOfTheSameArticleAreOne() {
        var blue = new Sku("MUG-BLUE");
        assertThat(
                        ReservationLines.of(
                                List.of(
                                        new ReservationLine(blue, 2),
                                        new ReservationLine(new Sku("A"), 1),
                                        new ReservationLine(blue, 3))))
                .isEqualTo(
                        ReservationLines.of(
                                List.of(
                                        new ReservationLine(new Sku("A"), 1),
                                        new ReservationLine(blue, 5))));
    }

    @Test
    void linesAreInTheOrderOfTheirSkus() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new ReservationLines(
                                        List.of(
                                                new ReservationLine(new Sku("B"), 1),
                                                new ReservationLine(new Sku("A"), 1))));
        assertThatIllegalArgumentException().isThrownBy(() -> new ReservationLines(List.of()));
    }

    private static Arguments row(
            ReservationState standing, ReservationEvent report, ReservationDecision decision) {
        return Arguments.of(standing, report, decision);
    }

    private static ReservationDecision outOfTurn(String why) {
        return new ReservationDecision.RejectOutOfOrder(why);
    }
}
