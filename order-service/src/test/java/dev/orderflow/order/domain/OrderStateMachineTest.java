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

class OrderStateMachineTest {

    /// Every state that there is, found from the sealed types themselves.
    static List<OrderState> states() {
        var states = new ArrayList<OrderState>();
        for (var type : leaves(OrderState.class)) {
            if (type == OrderState.Rejected.class) {
                Arrays.stream(RejectionReason.values())
                        .map(OrderState.Rejected::new)
                        .forEach(states::add);
            } else {
                states.add((OrderState) make(type));
            }
        }
        return states;
    }

    static List<WorkflowReport> reports() {
        var reports = new ArrayList<WorkflowReport>();
        for (var type : leaves(WorkflowReport.class)) {
            if (type == WorkflowReport.RejectionReport.class) {
                Arrays.stream(RejectionReason.values())
                        .map(WorkflowReport.RejectionReport::new)
                        .forEach(reports::add);
            } else {
                reports.add((WorkflowReport) make(type));
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

    /// The table as people read it. `RedriveRefused` is a rejection because the carrier refused the
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
    void everyPairOfStateAndReportIsDecidedAsTheTableSays(OrderState state, WorkflowReport report) {
        boolean refusedState =
                state instanceof OrderState.Rejected(var why) && why.mayFollowConfirmation();
        var column =
                report instanceof WorkflowReport.RejectionReport(var why)
                                && why.mayFollowConfirmation()
                        ? "Refused"
                        : report.getClass().getSimpleName();
        var expected = table().get(refusedState ? "REFUSED" : state.code()).get(column);
        var verdict = OrderStateMachine.apply(state, report);
        switch (expected) {
            case "known" -> assertThat(verdict).isEqualTo(new Transition.Unchanged());
            case "late" -> assertThat(verdict).isEqualTo(new Transition.Late());
            case "out-of-turn" -> assertThat(verdict).isInstanceOf(Transition.OutOfOrder.class);
            case "same-reason" -> {
                boolean same =
                        state.equals(
                                new OrderState.Rejected(
                                        ((WorkflowReport.RejectionReport) report).reason()));
                assertThat(verdict)
                        .isInstanceOf(
                                same ? Transition.Unchanged.class : Transition.OutOfOrder.class);
            }
            case "REJECTED" ->
                    assertThat(verdict)
                            .isEqualTo(
                                    new Transition.Moved(
                                            new OrderState.Rejected(
                                                    ((WorkflowReport.RejectionReport) report)
                                                            .reason())));
            default ->
                    assertThat(verdict)
                            .isEqualTo(new Transition.Moved(OrderState.of(expected, null)));
        }
    }

    @Test
    void theTableHasARowForEveryStateAndAColumnForEveryReport() {
        var rows = new HashSet<>(table().keySet());
        rows.remove("REFUSED");
        assertThat(rows)
                .containsExactlyInAnyOrderElementsOf(
                        new HashSet<>(states().stream().map(OrderState::code).toList()));
        int reasons = RejectionReason.values().length;
        assertThat(pairs()).hasSize((6 + reasons) * (3 + reasons));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void noReportMovesAFinishedOrderOrMovesOneBack(OrderState state, WorkflowReport report) {
        if (OrderStateMachine.apply(state, report) instanceof Transition.Moved(var to)) {
            assertThat(state).isInstanceOf(OrderState.Open.class);
            assertThat(to.version()).isGreaterThan(state.version());
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aReportHeardTwiceIsKnownOrLateOrSaysTheSameAgain(OrderState state, WorkflowReport report) {
        if (OrderStateMachine.apply(state, report) instanceof Transition.Moved(var to)) {
            assertThat(OrderStateMachine.apply(to, report)).isEqualTo(new Transition.Unchanged());
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
        var state = OrderState.of(code, code.equals("REJECTED") ? "OUT_OF_STOCK" : null);
        assertThat(OrderStateMachine.apply(state, OrderCommand.CANCEL)).isEqualTo(reply(cancel));
        assertThat(OrderStateMachine.apply(state, OrderCommand.DISPATCH))
                .isEqualTo(reply(dispatch));
    }

    @Test
    void anOrderChangesAtMostThreeTimes() {
        assertThat(states().stream().mapToInt(OrderStateMachineTest::longestWay))
                .allMatch(way -> way <= 3);
        assertThat(longestWay(new OrderState.Pending())).isEqualTo(3);
    }

    @Test
    void everyStateIsReadBackFromItsCode() {
        for (var state : states()) {
            assertThat(
                            OrderState.of(
                                    state.code(),
                                    state.rejectionReason().map(Enum::name).orElse(null)))
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

    private static int longestWay(OrderState from) {
        var next = new HashSet<OrderState>();
        for (var report : reports()) {
            if (OrderStateMachine.apply(from, report) instanceof Transition.Moved(var to)) {
                next.add(to);
            }
        }
        for (var wish : OrderCommand.values()) {
            if (OrderStateMachine.apply(from, wish) instanceof CommandResult.Granted(var to)) {
                next.add(to);
            }
        }
        return next.stream().mapToInt(to -> 1 + longestWay(to)).max().orElse(0);
    }

    private static CommandResult reply(String cell) {
        return switch (cell) {
            case "refused" -> new CommandResult.Refused();
            case "before" -> new CommandResult.AlreadyGranted();
            default -> new CommandResult.Granted(OrderState.of(cell, null));
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
