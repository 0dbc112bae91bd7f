package dev.orderflow.crashtests;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Runs of the system with each service in its own process.
final class CrashRuns {

    /// The result of a run.
    ///
    /// @param orders the number of accepted orders
    /// @param states the number of orders by final state
    /// @param counts the numbers of faults, requests and redrives
    /// @param invariants the number of checks by invariant
    /// @param violations the descriptions of violations
    record CrashRunOutcome(
            int orders,
            Map<String, Integer> states,
            Map<String, Integer> counts,
            Map<String, Integer> invariants,
            List<String> violations) {}

    private CrashRuns() {}

    /// A run with restarts and faults that is short enough for every build.
    static CrashRunOutcome crashTest(
            long seed, int orders, int faults, int kills, int databaseCrashes) {
        return outcome(
                CrashRun.run(
                        new CrashRun.CrashRunSettings(
                                seed,
                                orders,
                                faults,
                                kills,
                                databaseCrashes,
                                4,
                                4,
                                true,
                                false,
                                Duration.ofMinutes(10)),
                        CrashRuns::tell));
    }

    private static CrashRunOutcome outcome(CrashReport report) {
        var invariants = new LinkedHashMap<String, Integer>();
        report.invariants()
                .forEach(invariant -> invariants.put(invariant.name(), invariant.checked()));
        return new CrashRunOutcome(
                report.orders(), report.states(), report.counts(), invariants, report.violations());
    }

    private static void tell(String what) {
        System.out.println(what);
    }
}
