package dev.orderflow.crashtests;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/// Holds the armed faults and counts the injected ones.
final class FaultInjector {

    private final List<Fault> armed = new ArrayList<>();
    private final Map<String, Integer> injected = new TreeMap<>();
    private final List<InjectedFault> injections = new ArrayList<>();
    private final Map<String, Integer> calls = new TreeMap<>();
    private final Map<String, Integer> broken = new TreeMap<>();
    private int kills;
    private int randomKills;
    private int databaseCrashes;

    synchronized void arm(Collection<Fault> faults) {
        armed.addAll(faults);
    }

    /// Disarms all faults.
    ///
    /// @return how many faults found no matching call
    synchronized int disarm() {
        int left = armed.size();
        armed.clear();
        return left;
    }

    synchronized int armedFaults() {
        return armed.size();
    }

    /// Counts a call, whatever its outcome.
    synchronized void recordCall(String edge, ProxiedCall call) {
        calls.merge(edge + ":" + call.name(), 1, Integer::sum);
    }

    /// Counts an accepted call that got no response without an injected fault.
    synchronized void recordBrokenCall(String edge, ProxiedCall call) {
        broken.merge(edge + ":" + call.name(), 1, Integer::sum);
    }

    /// Accepted calls that got no response without an injected fault.
    synchronized Map<String, Integer> brokenCalls() {
        return Map.copyOf(broken);
    }

    /// Takes the armed fault that matches a call.
    ///
    /// @param afterwards whether the call has already been processed
    /// @param mayInject whether a fault is possible now; if not, it remains armed
    synchronized Optional<Fault> takeMatchingFault(
            String caller,
            String callee,
            ProxiedCall call,
            boolean afterwards,
            Predicate<Fault> mayInject) {
        for (Iterator<Fault> each = armed.iterator(); each.hasNext(); ) {
            var fault = each.next();
            if (fault.kind().afterwards() == afterwards
                    && fault.caller().equals(caller)
                    && fault.callee().equals(callee)
                    && fault.call().equals(call.name())
                    && mayInject.test(fault)) {
                each.remove();
                injected.merge(fault.point(), 1, Integer::sum);
                if (fault.kind().kills()) {
                    kills++;
                }
                return Optional.of(fault);
            }
        }
        return Optional.empty();
    }

    /// Records what the call of an injected fault named.
    synchronized void recordInjection(InjectedFault injection) {
        injections.add(injection);
    }

    /// The injected faults, without random kills and crashes of the database.
    synchronized List<InjectedFault> injections() {
        return List.copyOf(injections);
    }

    synchronized void recordRandomKill() {
        randomKills++;
    }

    synchronized void recordDatabaseCrash() {
        databaseCrashes++;
    }

    /// The number of injected faults by injection point.
    synchronized Map<String, Integer> injectedFaults() {
        return Map.copyOf(injected);
    }

    /// The number of calls by name.
    synchronized Map<String, Integer> calls() {
        return Map.copyOf(calls);
    }

    synchronized int faults() {
        return injected.values().stream().mapToInt(Integer::intValue).sum()
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
