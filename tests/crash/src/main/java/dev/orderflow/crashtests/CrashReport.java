package dev.orderflow.crashtests;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a run was and whether all held.
///
/// @param orders how many were accepted
/// @param states in which state how many ended
/// @param counts what was done by customers, by the storm and by the operator afterwards
/// @param struck how often each point was struck
/// @param invariants what was checked
/// @param took from the first order to the end of the checks
/// @param logs where the processes wrote
public record CrashReport(
        int orders,
        Map<String, Integer> states,
        Map<String, Integer> counts,
        Map<String, Integer> injectedFaults,
        List<CheckedInvariant> invariants,
        List<String> deadLetterReasons,
        Duration took,
        Path logs) {

    /// Something that must be true.
    ///
    /// @param checked how often it was looked at
    /// @param violations where it is not true
    public record CheckedInvariant(String name, int checked, List<String> violations) {}

    /// Everything that does not hold, in words; nothing when all is well.
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
            int notStruck,
            List<CrashReport.CheckedInvariant> invariants,
            Duration took) {
        var states = new TreeMap<String, Integer>();
        load.finalStates().values().forEach(state -> states.merge(state, 1, Integer::sum));
        var counts = new LinkedHashMap<String, Integer>();
        counts.put("faults", faultInjector.faults());
        counts.put("kills", faultInjector.kills());
        counts.put("of them at random", faultInjector.killsAtRandom());
        counts.put("crashes of the database server", faultInjector.databaseCrashes());
        counts.put(
                "restarts",
                serviceProcesses.all().stream().mapToInt(ServiceProcess::restarts).sum());
        counts.put("faults that found no call", notStruck);
        counts.put(
                "calls", faultInjector.calls().values().stream().mapToInt(Integer::intValue).sum());
        counts.put("orders asked for again", load.repeatedPosts());
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
