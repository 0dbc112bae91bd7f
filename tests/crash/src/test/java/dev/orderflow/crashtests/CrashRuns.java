package dev.orderflow.crashtests;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The system with every service in a process of its own.
final class CrashRuns {

    /// What a run came to.
    ///
    /// @param orders how many were accepted
    /// @param states in which state how many ended
    /// @param counts what was broken and repaired
    /// @param invariants what was looked at, and how often
    /// @param violations where it does not hold
    record CrashRunOutcome(
            int orders,
            Map<String, Integer> states,
            Map<String, Integer> counts,
            Map<String, Integer> invariants,
            List<String> violations) {}

    private CrashRuns() {}

    /// A storm small enough for every build.
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
                                false,
                                Duration.ofMinutes(10)),
                        CrashRuns::tell));
    }

    /// Every service stopped in turn while orders come in.
    static CrashRunOutcome drain(long seed) {
        return outcome(DrainRun.run(DrainRun.DrainRunSettings.everyService(seed), CrashRuns::tell));
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
