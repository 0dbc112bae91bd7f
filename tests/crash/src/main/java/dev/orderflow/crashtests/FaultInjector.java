package dev.orderflow.crashtests;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/// What is to go wrong next, and what already did.
final class FaultInjector {

    private final List<Fault> armed = new ArrayList<>();
    private final Map<String, Integer> struck = new TreeMap<>();
    private final Map<String, Integer> calls = new TreeMap<>();
    private final Map<String, Integer> broken = new TreeMap<>();
    private int kills;
    private int randomKills;
    private int databaseCrashes;

    synchronized void arm(Collection<Fault> faults) {
        armed.addAll(faults);
    }

    /// Nothing more goes wrong.
    ///
    /// @return how many faults found no call that fitted
    synchronized int disarm() {
        int left = armed.size();
        armed.clear();
        return left;
    }

    synchronized int armedFaults() {
        return armed.size();
    }

    /// Notes that a call passes, whatever becomes of it.
    synchronized void recordCall(String edge, ProxiedCall call) {
        calls.merge(edge + ":" + call.name(), 1, Integer::sum);
    }

    /// Notes that a call was let in and got no answer, by no fault of ours.
    synchronized void recordBrokenCall(String edge, ProxiedCall call) {
        broken.merge(edge + ":" + call.name(), 1, Integer::sum);
    }

    /// Calls that were let in and got no answer.
    synchronized Map<String, Integer> brokenCalls() {
        return Map.copyOf(broken);
    }

    /// The fault that strikes a call now.
    ///
    /// @param afterwards whether the call has been done already
    /// @param mayStrike what is possible just now; whatever is not stays armed
    synchronized Optional<Fault> takeMatchingFault(
            String caller,
            String callee,
            ProxiedCall call,
            boolean afterwards,
            Predicate<Fault> mayStrike) {
        for (Iterator<Fault> each = armed.iterator(); each.hasNext(); ) {
            var fault = each.next();
            if (fault.kind().afterwards() == afterwards
                    && fault.caller().equals(caller)
                    && fault.callee().equals(callee)
                    && fault.call().equals(call.name())
                    && mayStrike.test(fault)) {
                each.remove();
                struck.merge(fault.point(), 1, Integer::sum);
                if (fault.kind().kills()) {
                    kills++;
                }
                return Optional.of(fault);
            }
        }
        return Optional.empty();
    }

    synchronized void recordRandomKill() {
        randomKills++;
    }

    synchronized void recordDatabaseCrash() {
        databaseCrashes++;
    }

    /// How often each point was struck.
    synchronized Map<String, Integer> injectedFaults() {
        return Map.copyOf(struck);
    }

    /// How many calls of each kind there were.
    synchronized Map<String, Integer> calls() {
        return Map.copyOf(calls);
    }

    synchronized int faults() {
        return struck.values().stream().mapToInt(Integer::intValue).sum()
                + randomKills
                + databaseCrashes;
    }

    synchronized int kills() {
        return kills + randomKills;
    }

    synchronized int killsAtRandom() {
        return randomKills;
    }

    synchronized int databaseCrashes() {
        return databaseCrashes;
    }
}
