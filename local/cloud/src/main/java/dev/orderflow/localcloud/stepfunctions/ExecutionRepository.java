package dev.orderflow.localcloud.stepfunctions;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// The executions that can be asked about: all that run, and of the finished ones the latest.
///
/// AWS [keeps a finished execution for 90
/// days](https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html) and its name
/// taken for as long. Here a number of them is a limit too, for they are in memory. An execution
/// that went because of the number leaves its name taken for the rest of the 90 days, so that
/// starting a workflow stays safe to repeat.
///
/// It never waits for an execution, so it may be asked with or without one's baton in hand.
final class ExecutionRepository {

    /// With histories like that of the order workflow some hundreds of megabytes.
    static final int FINISHED = 10_000;

    private static final Duration KEPT_FOR = Duration.ofDays(90);

    private final Clock clock;
    private final int limit;

    private final Map<String, Execution> byArn = new HashMap<>();
    private final Map<String, SequencedMap<String, Execution>> byMachine = new HashMap<>();

    /// When those that are kept ended, the earliest first.
    private final SequencedMap<String, Instant> finished = new LinkedHashMap<>();

    /// When those that are not kept any more ended, whose names are still taken.
    private final SequencedMap<String, Instant> onlyNames = new LinkedHashMap<>();

    /// @param limit how many finished executions are kept
    ExecutionRepository(Clock clock, int limit) {
        this.clock = clock;
        this.limit = limit;
    }

    /// Keeps an execution unless its name is taken.
    ///
    /// @return the execution of that name: `fresh`, or the one that was there; empty when that one
    ///     is not kept any more
    synchronized Optional<Execution> add(Execution fresh) {
        removeExpired();
        if (onlyNames.containsKey(fresh.arn)) {
            return Optional.empty();
        }
        Execution existing = byArn.putIfAbsent(fresh.arn, fresh);
        if (existing != null) {
            return Optional.of(existing);
        }
        byMachine
                .computeIfAbsent(fresh.machine.arn(), _ -> new LinkedHashMap<>())
                .put(fresh.arn, fresh);
        return Optional.of(fresh);
    }

    synchronized Optional<Execution> find(String arn) {
        removeExpired();
        return Optional.ofNullable(byArn.get(arn));
    }

    /// Those of a state machine, the latest first.
    synchronized List<Execution> ofMachine(String arn) {
        removeExpired();
        SequencedMap<String, Execution> its = byMachine.get(arn);
        return its == null ? List.of() : List.copyOf(its.sequencedValues().reversed());
    }

    synchronized List<Execution> all() {
        return List.copyOf(byArn.values());
    }

    synchronized boolean anyRunning(String machineArn) {
        SequencedMap<String, Execution> its = byMachine.get(machineArn);
        return its != null && !finished.keySet().containsAll(its.keySet());
    }

    synchronized void markEnded(Execution execution, Instant at) {
        if (byArn.containsKey(execution.arn)) {
            finished.put(execution.arn, at);
            removeExpired();
        }
    }

    /// @return whether the execution is still kept, so that it can run again
    synchronized boolean reopen(Execution execution) {
        return finished.remove(execution.arn) != null;
    }

    private void removeExpired() {
        Instant kept = clock.instant().minus(KEPT_FOR);
        while (finished.size() > limit || isExpired(kept, finished)) {
            Map.Entry<String, Instant> first = finished.pollFirstEntry();
            drop(first.getKey());
            onlyNames.put(first.getKey(), first.getValue());
        }
        while (isExpired(kept, onlyNames)) {
            onlyNames.pollFirstEntry();
        }
    }

    private static boolean isExpired(Instant time, SequencedMap<String, Instant> ends) {
        Map.Entry<String, Instant> first = ends.firstEntry();
        return first != null && first.getValue().isBefore(time);
    }

    private void drop(String arn) {
        Execution dropped = byArn.remove(arn);
        if (dropped != null) {
            byMachine.computeIfPresent(
                    dropped.machine.arn(),
                    (_, its) -> {
                        its.remove(arn);
                        return its.isEmpty() ? null : its;
                    });
        }
    }
}
