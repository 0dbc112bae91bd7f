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

class StandingTest {

    private static final Lines MUGS = Lines.of(List.of(new Line(new Sku("MUG-BLUE"), 2)));
    private static final Lines POTS = Lines.of(List.of(new Line(new Sku("TEAPOT"), 1)));

    private static final Standing UNHEARD = new Standing.Unheard();
    private static final Standing HELD = new Standing.Held(MUGS);
    private static final Standing REFUSED =
            new Standing.Refused(MUGS, new Shortage(new Sku("MUG-BLUE"), 2, 1));
    private static final Standing RELEASED = new Standing.Released(Optional.of(MUGS));
    private static final Standing TOMBSTONE = new Standing.Released(Optional.empty());
    private static final Standing FULFILLED = new Standing.Fulfilled(MUGS);
    private static final Standing EXPIRED = new Standing.Expired(MUGS);

    private static final Report WANTED = new Report.Wanted(MUGS);
    private static final Report OTHERS_WANTED = new Report.Wanted(POTS);
    private static final Report LET_GO = new Report.LetGo();
    private static final Report SHIPPED = new Report.Shipped(MUGS);
    private static final Report OTHERS_SHIPPED = new Report.Shipped(POTS);
    private static final Report OVERDUE = new Report.Overdue();

    private static final Decision AS_BEFORE = new Decision.AsBefore();
    private static final Decision OTHER_LINES = new Decision.OtherLines();
    private static final Decision TOO_LATE = new Decision.TooLate();
    private static final Decision RELEASE = new Decision.Mark(Status.RELEASED);

    /// Every standing with every report.
    static Stream<Arguments> table() {
        return Stream.of(
                row(UNHEARD, WANTED, new Decision.Hold(MUGS)),
                row(UNHEARD, OTHERS_WANTED, new Decision.Hold(POTS)),
                row(UNHEARD, LET_GO, RELEASE),
                row(UNHEARD, SHIPPED, outOfTurn("shipped an order without a reservation")),
                row(UNHEARD, OTHERS_SHIPPED, outOfTurn("shipped an order without a reservation")),
                row(UNHEARD, OVERDUE, AS_BEFORE),
                row(HELD, WANTED, AS_BEFORE),
                row(HELD, OTHERS_WANTED, OTHER_LINES),
                row(HELD, LET_GO, new Decision.Move(MUGS, Movement.RELEASED, Status.RELEASED)),
                row(HELD, SHIPPED, new Decision.Move(MUGS, Movement.SHIPPED, Status.FULFILLED)),
                row(HELD, OTHERS_SHIPPED, outOfTurn("shipped other lines than were reserved")),
                row(HELD, OVERDUE, new Decision.Move(MUGS, Movement.EXPIRED, Status.EXPIRED)),
                row(REFUSED, WANTED, AS_BEFORE),
                row(REFUSED, OTHERS_WANTED, OTHER_LINES),
                row(REFUSED, LET_GO, RELEASE),
                row(REFUSED, SHIPPED, outOfTurn("shipped an order that was out of stock")),
                row(REFUSED, OTHERS_SHIPPED, outOfTurn("shipped an order that was out of stock")),
                row(REFUSED, OVERDUE, AS_BEFORE),
                row(RELEASED, WANTED, new Decision.Gone(Status.RELEASED)),
                row(RELEASED, OTHERS_WANTED, new Decision.Gone(Status.RELEASED)),
                row(RELEASED, LET_GO, AS_BEFORE),
                row(RELEASED, SHIPPED, outOfTurn("shipped an order whose stock was released")),
                row(
                        RELEASED,
                        OTHERS_SHIPPED,
                        outOfTurn("shipped an order whose stock was released")),
                row(RELEASED, OVERDUE, AS_BEFORE),
                row(TOMBSTONE, WANTED, new Decision.Gone(Status.RELEASED)),
                row(TOMBSTONE, OTHERS_WANTED, new Decision.Gone(Status.RELEASED)),
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
                row(EXPIRED, WANTED, new Decision.Gone(Status.EXPIRED)),
                row(EXPIRED, OTHERS_WANTED, new Decision.Gone(Status.EXPIRED)),
                row(EXPIRED, LET_GO, RELEASE),
                row(EXPIRED, SHIPPED, outOfTurn("shipped an order whose stock had expired")),
                row(EXPIRED, OTHERS_SHIPPED, outOfTurn("shipped an order whose stock had expired")),
                row(EXPIRED, OVERDUE, AS_BEFORE));
    }

    @ParameterizedTest
    @MethodSource("table")
    void everyReportHasItsDecisionInEveryStanding(
            Standing standing, Report report, Decision decision) {
        assertThat(standing.on(report)).isEqualTo(decision);
    }

    @Test
    void theTableIsWhole() {
        long standings = table().map(row -> row.get()[0]).distinct().count();
        long reports = table().map(row -> row.get()[1]).distinct().count();
        assertThat(table().map(row -> List.of(row.get()[0], row.get()[1])).distinct())
                .hasSize((int) (standings * reports));
        // A released reservation and a tombstone are one kind of standing; wanted and shipped come
        // twice.
        assertThat(standings).isEqualTo(Standing.class.getPermittedSubclasses().length + 1);
        assertThat(reports).isEqualTo(Report.class.getPermittedSubclasses().length + 2);
    }

    @Test
    void stockIsGivenBackOrShippedOnlyWhereItWasHeld() {
        assertThat(table())
                .filteredOn(row -> row.get()[2] instanceof Decision.Move)
                .allSatisfy(row -> assertThat(row.get()[0]).isInstanceOf(Standing.Held.class));
    }

    @Test
    void linesOfTheSameArticleAreOne() {
        var blue = new Sku("MUG-BLUE");
        assertThat(
                        Lines.of(
                                List.of(
                                        new Line(blue, 2),
                                        new Line(new Sku("A"), 1),
                                        new Line(blue, 3))))
                .isEqualTo(Lines.of(List.of(new Line(new Sku("A"), 1), new Line(blue, 5))));
    }

    @Test
    void linesAreInTheOrderOfTheirSkus() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new Lines(
                                        List.of(
                                                new Line(new Sku("B"), 1),
                                                new Line(new Sku("A"), 1))));
        assertThatIllegalArgumentException().isThrownBy(() -> new Lines(List.of()));
    }

    private static Arguments row(Standing standing, Report report, Decision decision) {
        return Arguments.of(standing, report, decision);
    }

    private static Decision outOfTurn(String why) {
        return new Decision.OutOfTurn(why);
    }
}
