package dev.orderflow.order.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.OrderRejected;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LifecycleTest {

    /// Every state that there is, found from the sealed types themselves.
    static List<State> states() {
        var states = new ArrayList<State>();
        for (var type : leaves(State.class)) {
            if (type == State.Rejected.class) {
                Arrays.stream(RejectionReason.values())
                        .map(State.Rejected::new)
                        .forEach(states::add);
            } else {
                states.add((State) make(type));
            }
        }
        return states;
    }

    static List<Report> reports() {
        var reports = new ArrayList<Report>();
        for (var type : leaves(Report.class)) {
            if (type == Report.Rejected.class) {
                Arrays.stream(RejectionReason.values())
                        .map(Report.Rejected::new)
                        .forEach(reports::add);
            } else {
                reports.add((Report) make(type));
            }
        }
        return reports;
    }

    static Stream<Arguments> pairs() {
        return states().stream()
                .flatMap(state -> reports().stream().map(report -> Arguments.of(state, report)));
    }

    private static final String TABLE =
            """
            #                Confirmed    Shipped      Rejected     Refused      Cancelled
            PENDING          CONFIRMED    SHIPPED      REJECTED     REJECTED     out-of-turn
            CONFIRMED        known        SHIPPED      out-of-turn  REJECTED     out-of-turn
            DISPATCHING      late         SHIPPED      out-of-turn  REJECTED     out-of-turn
            CANCEL_REQUESTED late         out-of-turn  REJECTED     REJECTED     CANCELLED
            SHIPPED          late         known        out-of-turn  out-of-turn  out-of-turn
            REJECTED         out-of-turn  out-of-turn  same-reason  out-of-turn  out-of-turn
            REFUSED          late         out-of-turn  out-of-turn  same-reason  out-of-turn
            CANCELLED        late         out-of-turn  out-of-turn  out-of-turn  known
            """;

    /// The table as people read it. `Refused` is a rejection because the carrier refused the
    /// shipment, the only one that may follow a confirmation.
    private static Map<String, Map<String, String>> table() {
        var rows = TABLE.lines().map(row -> row.split(" +")).toList();
        var table = new LinkedHashMap<String, Map<String, String>>();
        for (var row : rows.subList(1, rows.size())) {
            var cells = new LinkedHashMap<String, String>();
            for (int column = 1; column < row.length; column++) {
                cells.put(rows.getFirst()[column], row[column]);
            }
            table.put(row[0], cells);
        }
        return table;
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void everyPairOfStateAndReportIsDecidedAsTheTableSays(State state, Report report) {
        boolean refusedState =
                state instanceof State.Rejected(var why) && why.mayFollowConfirmation();
        var column =
                report instanceof Report.Rejected(var why) && why.mayFollowConfirmation()
                        ? "Refused"
                        : report.getClass().getSimpleName();
        var expected = table().get(refusedState ? "REFUSED" : state.code()).get(column);
        var verdict = Lifecycle.on(state, report);
        switch (expected) {
            case "known" -> assertThat(verdict).isEqualTo(new Verdict.Known());
            case "late" -> assertThat(verdict).isEqualTo(new Verdict.Late());
            case "out-of-turn" -> assertThat(verdict).isInstanceOf(Verdict.OutOfTurn.class);
            case "same-reason" -> {
                boolean same =
                        state.equals(new State.Rejected(((Report.Rejected) report).reason()));
                assertThat(verdict)
                        .isInstanceOf(same ? Verdict.Known.class : Verdict.OutOfTurn.class);
            }
            case "REJECTED" ->
                    assertThat(verdict)
                            .isEqualTo(
                                    new Verdict.Move(
                                            new State.Rejected(
                                                    ((Report.Rejected) report).reason())));
            default -> assertThat(verdict).isEqualTo(new Verdict.Move(State.of(expected, null)));
        }
    }

    @Test
    void theTableHasARowForEveryStateAndAColumnForEveryReport() {
        var rows = new HashSet<>(table().keySet());
        rows.remove("REFUSED");
        assertThat(rows)
                .containsExactlyInAnyOrderElementsOf(
                        new HashSet<>(states().stream().map(State::code).toList()));
        int reasons = RejectionReason.values().length;
        assertThat(pairs()).hasSize((6 + reasons) * (3 + reasons));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void noReportMovesAFinishedOrderOrMovesOneBack(State state, Report report) {
        if (Lifecycle.on(state, report) instanceof Verdict.Move(var to)) {
            assertThat(state).isInstanceOf(State.Open.class);
            assertThat(to.version()).isGreaterThan(state.version());
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aReportHeardTwiceIsKnownOrLateOrSaysTheSameAgain(State state, Report report) {
        if (Lifecycle.on(state, report) instanceof Verdict.Move(var to)) {
            assertThat(Lifecycle.on(to, report)).isEqualTo(new Verdict.Known());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PENDING, CANCEL_REQUESTED, DISPATCHING",
        "CONFIRMED, CANCEL_REQUESTED, DISPATCHING",
        "DISPATCHING, refused, before",
        "CANCEL_REQUESTED, before, refused",
        "SHIPPED, refused, refused",
        "REJECTED, refused, refused",
        "CANCELLED, before, refused"
    })
    void cancellationAndDispatchExcludeEachOther(String code, String cancel, String dispatch) {
        var state = State.of(code, code.equals("REJECTED") ? "OUT_OF_STOCK" : null);
        assertThat(Lifecycle.on(state, Wish.CANCEL)).isEqualTo(reply(cancel));
        assertThat(Lifecycle.on(state, Wish.DISPATCH)).isEqualTo(reply(dispatch));
    }

    @Test
    void anOrderChangesAtMostThreeTimes() {
        assertThat(states().stream().mapToInt(LifecycleTest::longestWay)).allMatch(way -> way <= 3);
        assertThat(longestWay(new State.Pending())).isEqualTo(3);
    }

    @Test
    void everyStateIsReadBackFromItsCode() {
        for (var state : states()) {
            assertThat(State.of(state.code(), state.rejection().map(Enum::name).orElse(null)))
                    .isEqualTo(state);
        }
    }

    @Test
    void theReasonsForARejectionAreThoseOfThePublishedLanguage() {
        assertThat(Arrays.stream(RejectionReason.values()).map(Enum::name))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(OrderRejected.OrderRejectionReason.values())
                                .map(Enum::name)
                                .toList());
    }

    private static int longestWay(State from) {
        var next = new HashSet<State>();
        for (var report : reports()) {
            if (Lifecycle.on(from, report) instanceof Verdict.Move(var to)) {
                next.add(to);
            }
        }
        for (var wish : Wish.values()) {
            if (Lifecycle.on(from, wish) instanceof Reply.Granted(var to)) {
                next.add(to);
            }
        }
        return next.stream().mapToInt(to -> 1 + longestWay(to)).max().orElse(0);
    }

    private static Reply reply(String cell) {
        return switch (cell) {
            case "refused" -> new Reply.Refused();
            case "before" -> new Reply.GrantedBefore();
            default -> new Reply.Granted(State.of(cell, null));
        };
    }

    private static List<Class<?>> leaves(Class<?> sealed) {
        return sealed.isSealed()
                ? Arrays.stream(sealed.getPermittedSubclasses())
                        .flatMap(type -> leaves(type).stream())
                        .<Class<?>>map(type -> type)
                        .distinct()
                        .toList()
                : List.of(sealed);
    }

    private static Object make(Class<?> type) {
        try {
            var constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
