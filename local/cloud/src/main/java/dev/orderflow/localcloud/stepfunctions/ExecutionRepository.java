package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.wire.AwsErrorException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// All running executions and the latest finished ones.
///
/// AWS [keeps a finished execution and its name for 90
/// days](https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html). Here their
/// number is limited too, because they are in memory. The name of an execution that was removed for
/// that reason stays reserved for the rest of the 90 days, so that retrying the start of a workflow
/// stays safe.
///
/// Never waits for an execution, so it may be called with or without the lock of one.
final class ExecutionRepository {

    /// Some hundreds of megabytes for histories like that of the order workflow.
    static final int FINISHED = 10_000;

    private static final Duration KEPT_FOR = Duration.ofDays(90);

    private final Clock clock;
    private final int limit;

    private final Map<String, Execution> byArn = new HashMap<>();
    private final Map<String, SequencedMap<String, Execution>> byMachine = new HashMap<>();

    /// End of each finished execution, earliest first.
    private final SequencedMap<String, Instant> finished = new LinkedHashMap<>();

    /// End of each removed execution whose name is still reserved.
    private final SequencedMap<String, Instant> onlyNames = new LinkedHashMap<>();

    /// @param limit maximum number of finished executions
    ExecutionRepository(Clock clock, int limit) {
        this.clock = clock;
        this.limit = limit;
    }

    /// Adds an execution unless its name is taken.
    ///
    /// @return the execution with that name, `fresh` or the existing one; empty if the existing one
    ///     was removed
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

    /// @throws AwsErrorException if the ARN is malformed or there is no such execution
    Execution require(String arn) {
        StepFunctionsRequest.checkedArn(arn, "execution");
        return find(arn).orElseThrow(() -> unknown(arn));
    }

    static AwsErrorException unknown(String arn) {
        return AwsErrorException.client(
                "ExecutionDoesNotExist", "Execution Does Not Exist: '" + arn + "'");
    }

    /// The executions of a state machine, latest first.
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

    /// @return whether the execution still exists and can run again
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
