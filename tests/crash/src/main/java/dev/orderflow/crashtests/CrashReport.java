package dev.orderflow.crashtests;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The result of a run.
///
/// @param orders accepted orders
/// @param states number of orders by final state
/// @param counts numbers of faults, requests and redrives
/// @param injectedFaults number of injected faults by injection point
/// @param invariants the checked invariants
/// @param took from the first order to the end of the checks
/// @param logs the folder with the logs of the processes
public record CrashReport(
        int orders,
        Map<String, Integer> states,
        Map<String, Integer> counts,
        Map<String, Integer> injectedFaults,
        List<CheckedInvariant> invariants,
        List<String> deadLetterReasons,
        Duration took,
        Path logs) {

    /// A checked invariant.
    ///
    /// @param checked the number of checks
    /// @param violations descriptions of the violations
    public record CheckedInvariant(String name, int checked, List<String> violations) {}

    /// Descriptions of all violations; empty when all invariants hold.
    public List<String> violations() {
        return invariants.stream()
                .flatMap(
                        invariant ->
                                invariant.violations().stream()
                                        .map(what -> invariant.name() + ": " + what))
                .toList();
    }

    static CrashReport of(
            ServiceProcesses serviceProcesses,
            FaultInjector faultInjector,
            OrderLoad load,
            RedriveOperator repairs,
            int ordersDuringRestarts,
            int notInjected,
            List<CrashReport.CheckedInvariant> invariants,
            Duration took) {
        var states = new TreeMap<String, Integer>();
        load.finalStates().values().forEach(state -> states.merge(state, 1, Integer::sum));
        var counts = new LinkedHashMap<String, Integer>();
        counts.put("orders during the restarts", ordersDuringRestarts);
        counts.put("faults", faultInjector.faults());
        counts.put("kills", faultInjector.kills());
        counts.put("of them at random", faultInjector.killsAtRandom());
        counts.put("crashes of the database server", faultInjector.databaseCrashes());
        counts.put(
                "starts after the first one",
                serviceProcesses.all().stream().mapToInt(ServiceProcess::restarts).sum());
        counts.put("faults that found no call", notInjected);
        counts.put(
                "calls", faultInjector.calls().values().stream().mapToInt(Integer::intValue).sum());
        counts.put("repeated order requests", load.repeatedPosts());
        counts.put("cancellations accepted", load.cancellations());
        counts.put("approvals decided", load.decisions());
        counts.put("dead letters redriven", repairs.messages());
        counts.put("executions redriven", repairs.executions());
        return new CrashReport(
                load.acceptedOrders().size(),
                Map.copyOf(states),
                Collections.unmodifiableMap(counts),
                faultInjector.injectedFaults(),
                new ArrayList<>(invariants),
                repairs.reasons(),
                took,
                serviceProcesses.directory());
    }
}
