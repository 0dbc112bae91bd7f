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

    private static final ReservationState NO_RESERVATION = new ReservationState.NoReservation();
    private static final ReservationState RESERVED = new ReservationState.ReservedStock(MUGS);
    private static final ReservationState REFUSED =
            new ReservationState.ReservationRefused(MUGS, new Shortage(new Sku("MUG-BLUE"), 2, 1));
    private static final ReservationState RELEASED =
            new ReservationState.ReservationReleased(Optional.of(MUGS));
    private static final ReservationState TOMBSTONE =
            new ReservationState.ReservationReleased(Optional.empty());
    private static final ReservationState FULFILLED =
            new ReservationState.ReservationFulfilled(MUGS);
    private static final ReservationState EXPIRED = new ReservationState.ReservationExpired(MUGS);

    private static final ReservationEvent REQUESTED =
            new ReservationEvent.ReservationRequested(MUGS);
    private static final ReservationEvent OTHER_LINES_REQUESTED =
            new ReservationEvent.ReservationRequested(POTS);
    private static final ReservationEvent RELEASE_REQUESTED =
            new ReservationEvent.ReleaseRequested();
    private static final ReservationEvent SHIPPED = new ReservationEvent.ShipmentReported(MUGS);
    private static final ReservationEvent OTHER_LINES_SHIPPED =
            new ReservationEvent.ShipmentReported(POTS);
    private static final ReservationEvent ORDER_FINAL = new ReservationEvent.OrderEndedUnshipped();

    private static final ReservationDecision KEEP_STATE = new ReservationDecision.KeepState();
    private static final ReservationDecision REFUSE_DIFFERENT_LINES =
            new ReservationDecision.RefuseDifferentLines();
    private static final ReservationDecision REFUSE_FULFILLED =
            new ReservationDecision.RefuseFulfilled();
    private static final ReservationDecision RELEASE =
            new ReservationDecision.ChangeState(ReservationStateCode.RELEASED);

    /// Every state with every event.
    static Stream<Arguments> table() {
        return Stream.of(
                row(NO_RESERVATION, REQUESTED, new ReservationDecision.HoldStock(MUGS)),
                row(NO_RESERVATION, OTHER_LINES_REQUESTED, new ReservationDecision.HoldStock(POTS)),
                row(NO_RESERVATION, RELEASE_REQUESTED, RELEASE),
                row(NO_RESERVATION, SHIPPED, outOfOrder("the shipped order has no reservation")),
                row(
                        NO_RESERVATION,
                        OTHER_LINES_SHIPPED,
                        outOfOrder("the shipped order has no reservation")),
                row(NO_RESERVATION, ORDER_FINAL, KEEP_STATE),
                row(RESERVED, REQUESTED, KEEP_STATE),
                row(RESERVED, OTHER_LINES_REQUESTED, REFUSE_DIFFERENT_LINES),
                row(
                        RESERVED,
                        RELEASE_REQUESTED,
                        new ReservationDecision.MoveStock(
                                MUGS, StockMovement.RELEASED, ReservationStateCode.RELEASED)),
                row(
                        RESERVED,
                        SHIPPED,
                        new ReservationDecision.MoveStock(
                                MUGS, StockMovement.SHIPPED, ReservationStateCode.FULFILLED)),
                row(
                        RESERVED,
                        OTHER_LINES_SHIPPED,
                        outOfOrder("shipped lines differ from the reserved lines")),
                row(
                        RESERVED,
                        ORDER_FINAL,
                        new ReservationDecision.MoveStock(
                                MUGS, StockMovement.EXPIRED, ReservationStateCode.EXPIRED)),
                row(REFUSED, REQUESTED, KEEP_STATE),
                row(REFUSED, OTHER_LINES_REQUESTED, REFUSE_DIFFERENT_LINES),
                row(REFUSED, RELEASE_REQUESTED, RELEASE),
                row(
                        REFUSED,
                        SHIPPED,
                        outOfOrder("the reservation of the shipped order was refused")),
                row(
                        REFUSED,
                        OTHER_LINES_SHIPPED,
                        outOfOrder("the reservation of the shipped order was refused")),
                row(REFUSED, ORDER_FINAL, KEEP_STATE),
                row(
                        RELEASED,
                        REQUESTED,
                        new ReservationDecision.RefuseEnded(ReservationStateCode.RELEASED)),
                row(
                        RELEASED,
                        OTHER_LINES_REQUESTED,
                        new ReservationDecision.RefuseEnded(ReservationStateCode.RELEASED)),
                row(RELEASED, RELEASE_REQUESTED, KEEP_STATE),
                row(
                        RELEASED,
                        SHIPPED,
                        outOfOrder("the reservation of the shipped order was released")),
                row(
                        RELEASED,
                        OTHER_LINES_SHIPPED,
                        outOfOrder("the reservation of the shipped order was released")),
                row(RELEASED, ORDER_FINAL, KEEP_STATE),
                row(
                        TOMBSTONE,
                        REQUESTED,
                        new ReservationDecision.RefuseEnded(ReservationStateCode.RELEASED)),
                row(
                        TOMBSTONE,
                        OTHER_LINES_REQUESTED,
                        new ReservationDecision.RefuseEnded(ReservationStateCode.RELEASED)),
                row(TOMBSTONE, RELEASE_REQUESTED, KEEP_STATE),
                row(
                        TOMBSTONE,
                        SHIPPED,
                        outOfOrder("the reservation of the shipped order was released")),
                row(
                        TOMBSTONE,
                        OTHER_LINES_SHIPPED,
                        outOfOrder("the reservation of the shipped order was released")),
                row(TOMBSTONE, ORDER_FINAL, KEEP_STATE),
                row(FULFILLED, REQUESTED, KEEP_STATE),
                row(FULFILLED, OTHER_LINES_REQUESTED, REFUSE_DIFFERENT_LINES),
                row(FULFILLED, RELEASE_REQUESTED, REFUSE_FULFILLED),
                row(FULFILLED, SHIPPED, KEEP_STATE),
                row(
                        FULFILLED,
                        OTHER_LINES_SHIPPED,
                        outOfOrder("shipped lines differ from the reserved lines")),
                row(FULFILLED, ORDER_FINAL, KEEP_STATE),
                row(
                        EXPIRED,
                        REQUESTED,
                        new ReservationDecision.RefuseEnded(ReservationStateCode.EXPIRED)),
                row(
                        EXPIRED,
                        OTHER_LINES_REQUESTED,
                        new ReservationDecision.RefuseEnded(ReservationStateCode.EXPIRED)),
                row(EXPIRED, RELEASE_REQUESTED, RELEASE),
                row(
                        EXPIRED,
                        SHIPPED,
                        outOfOrder("the reservation of the shipped order has expired")),
                row(
                        EXPIRED,
                        OTHER_LINES_SHIPPED,
                        outOfOrder("the reservation of the shipped order has expired")),
                row(EXPIRED, ORDER_FINAL, KEEP_STATE));
    }

    @ParameterizedTest
    @MethodSource("table")
    void everyEventHasADecisionInEveryState(
            ReservationState state, ReservationEvent event, ReservationDecision decision) {
        assertThat(state.decide(event)).isEqualTo(decision);
    }

    @Test
    void theTableIsComplete() {
        long states = table().map(row -> row.get()[0]).distinct().count();
        long events = table().map(row -> row.get()[1]).distinct().count();
        assertThat(table().map(row -> List.of(row.get()[0], row.get()[1])).distinct())
                .hasSize((int) (states * events));
        // A released reservation and a tombstone have one type; requests and shipments occur twice.
        assertThat(states).isEqualTo(ReservationState.class.getPermittedSubclasses().length + 1);
        assertThat(events).isEqualTo(ReservationEvent.class.getPermittedSubclasses().length + 2);
    }

    @Test
    void onlyReservedStockIsReleasedOrDeducted() {
        assertThat(table())
                .filteredOn(row -> row.get()[2] instanceof ReservationDecision.MoveStock)
                .allSatisfy(
                        row ->
                                assertThat(row.get()[0])
                                        .isInstanceOf(ReservationState.ReservedStock.class));
    }

    @Test
    void linesOfTheSameArticleAreMerged() {
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
    void linesAreSortedBySku() {
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
            ReservationState state, ReservationEvent event, ReservationDecision decision) {
        return Arguments.of(state, event, decision);
    }

    private static ReservationDecision outOfOrder(String reason) {
        return new ReservationDecision.RejectOutOfOrder(reason);
    }
}
