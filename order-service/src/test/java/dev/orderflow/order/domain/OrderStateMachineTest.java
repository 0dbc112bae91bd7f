package dev.orderflow.order.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.OrderRejected;
import dev.orderflow.contracts.value.OrderStateCode;
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

    /// All states, found by reflection from the sealed types.
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
            #                   confirmation shipment     rejection    carrier-refusal cancellation
            PENDING             CONFIRMED    SHIPPED      REJECTED     REJECTED        out-of-order
            CONFIRMED           unchanged    SHIPPED      out-of-order REJECTED        out-of-order
            DISPATCHING         late         SHIPPED      out-of-order REJECTED        out-of-order
            CANCEL_REQUESTED    late         out-of-order REJECTED     REJECTED        CANCELLED
            SHIPPED             late         unchanged    out-of-order out-of-order    out-of-order
            REJECTED            out-of-order out-of-order same-reason  out-of-order    out-of-order
            REJECTED_BY_CARRIER late         out-of-order out-of-order same-reason     out-of-order
            CANCELLED           late         out-of-order out-of-order out-of-order    unchanged
            """;

    /// Parses the table. The column `carrier-refusal` and the row `REJECTED_BY_CARRIER` are
    /// rejections that may follow a confirmation.
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
    void everyPairOfStateAndReportHasTheResultInTheTable(OrderState state, WorkflowReport report) {
        boolean refusedState =
                state instanceof OrderState.Rejected(var why) && why.mayFollowConfirmation();
        var column =
                switch (report) {
                    case WorkflowReport.ConfirmationReport _ -> "confirmation";
                    case WorkflowReport.ShipmentReport _ -> "shipment";
                    case WorkflowReport.RejectionReport(var reason) ->
                            reason.mayFollowConfirmation() ? "carrier-refusal" : "rejection";
                    case WorkflowReport.CancellationReport _ -> "cancellation";
                };
        var expected = table().get(refusedState ? "REJECTED_BY_CARRIER" : state.code()).get(column);
        var transition = OrderStateMachine.apply(state, report);
        switch (expected) {
            case "unchanged" -> assertThat(transition).isEqualTo(new Transition.Unchanged());
            case "late" -> assertThat(transition).isEqualTo(new Transition.Late());
            case "out-of-order" -> assertThat(transition).isInstanceOf(Transition.OutOfOrder.class);
            case "same-reason" -> {
                boolean same =
                        state.equals(
                                new OrderState.Rejected(
                                        ((WorkflowReport.RejectionReport) report).reason()));
                assertThat(transition)
                        .isInstanceOf(
                                same ? Transition.Unchanged.class : Transition.OutOfOrder.class);
            }
            case "REJECTED" ->
                    assertThat(transition)
                            .isEqualTo(
                                    new Transition.Moved(
                                            new OrderState.Rejected(
                                                    ((WorkflowReport.RejectionReport) report)
                                                            .reason())));
            default ->
                    assertThat(transition)
                            .isEqualTo(new Transition.Moved(OrderState.of(expected, null)));
        }
    }

    @Test
    void theTableHasARowForEveryStateAndAColumnForEveryReport() {
        var rows = new HashSet<>(table().keySet());
        rows.remove("REJECTED_BY_CARRIER");
        assertThat(rows)
                .containsExactlyInAnyOrderElementsOf(
                        new HashSet<>(states().stream().map(OrderState::code).toList()));
        int reasons = RejectionReason.values().length;
        assertThat(pairs()).hasSize((6 + reasons) * (3 + reasons));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void noReportMovesAFinalOrderOrMovesAnOrderBack(OrderState state, WorkflowReport report) {
        if (OrderStateMachine.apply(state, report) instanceof Transition.Moved(var to)) {
            assertThat(state).isInstanceOf(OrderState.Open.class);
            assertThat(to.version()).isGreaterThan(state.version());
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aReportThatMovedAnOrderChangesNothingTheSecondTime(
            OrderState state, WorkflowReport report) {
        if (OrderStateMachine.apply(state, report) instanceof Transition.Moved(var to)) {
            assertThat(OrderStateMachine.apply(to, report)).isEqualTo(new Transition.Unchanged());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PENDING, CANCEL_REQUESTED, DISPATCHING",
        "CONFIRMED, CANCEL_REQUESTED, DISPATCHING",
        "DISPATCHING, refused, already",
        "CANCEL_REQUESTED, already, refused",
        "SHIPPED, refused, refused",
        "REJECTED, refused, refused",
        "CANCELLED, already, refused"
    })
    void cancellationAndDispatchExcludeEachOther(String code, String cancel, String dispatch) {
        var state = OrderState.of(code, code.equals("REJECTED") ? "OUT_OF_STOCK" : null);
        assertThat(OrderStateMachine.apply(state, OrderCommand.CANCEL)).isEqualTo(result(cancel));
        assertThat(OrderStateMachine.apply(state, OrderCommand.DISPATCH))
                .isEqualTo(result(dispatch));
    }

    @Test
    void noPathHasMoreTransitionsThanTheStatedMaximum() {
        assertThat(states().stream().mapToInt(OrderStateMachineTest::longestPath))
                .allMatch(length -> length <= OrderStateMachine.MAX_TRANSITIONS);
        assertThat(longestPath(new OrderState.Pending()))
                .isEqualTo(OrderStateMachine.MAX_TRANSITIONS);
    }

    @Test
    void everyStateIsRestoredFromItsCode() {
        for (var state : states()) {
            assertThat(
                            OrderState.of(
                                    state.code(),
                                    state.rejectionReason().map(Enum::name).orElse(null)))
                    .isEqualTo(state);
        }
    }

    @Test
    void theRejectionReasonsEqualThoseOfThePublishedEvent() {
        assertThat(Arrays.stream(RejectionReason.values()).map(Enum::name))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(OrderRejected.OrderRejectionReason.values())
                                .map(Enum::name)
                                .toList());
    }

    private static int longestPath(OrderState from) {
        var next = new HashSet<OrderState>();
        for (var report : reports()) {
            if (OrderStateMachine.apply(from, report) instanceof Transition.Moved(var to)) {
                next.add(to);
            }
        }
        for (var command : OrderCommand.values()) {
            if (OrderStateMachine.apply(from, command)
                    instanceof CommandResult.CommandGranted(var to)) {
                next.add(to);
            }
        }
        return next.stream().mapToInt(to -> 1 + longestPath(to)).max().orElse(0);
    }

    private static CommandResult result(String cell) {
        return switch (cell) {
            case "refused" -> new CommandResult.CommandRefused();
            case "already" -> new CommandResult.CommandAlreadyGranted();
            default -> new CommandResult.CommandGranted(OrderState.of(cell, null));
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

    /// operations-console offers a cancellation by the code of the state alone.
    @ParameterizedTest
    @MethodSource("states")
    void theCodeOfAStateSaysWhetherTheOrderCanBeCancelled(OrderState state) {
        assertThat(OrderStateCode.of(state.code()).orElseThrow().isCancellable())
                .isEqualTo(
                        OrderStateMachine.apply(state, OrderCommand.CANCEL)
                                instanceof CommandResult.CommandGranted);
    }
}
