package dev.orderflow.order.workflow;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.springframework.context.annotation.Primary;
import org.springframework.stereotype.Component;

/// A workflow client that records the input, one execution for each order.
@Component
@Primary
final class RecordingWorkflowClient implements WorkflowClient {

    final List<WorkflowInput> started = new CopyOnWriteArrayList<>();
    private final Set<UUID> names = ConcurrentHashMap.newKeySet();

    /// The result of the next starts; success by default.
    volatile Function<WorkflowInput, StartWorkflowResult> answer = this::work;

    /// The last states of failed executions, set by a test.
    final Map<UUID, String> lastStates = new ConcurrentHashMap<>();

    /// The failures of executions, set by a test.
    final Map<UUID, ExecutionFailure> failures = new ConcurrentHashMap<>();

    /// The lookup results of executions, set by a test.
    final Map<UUID, ExecutionLookup> existences = new ConcurrentHashMap<>();

    @Override
    public ExecutionLookup findExecution(UUID orderId) {
        return existences.getOrDefault(
                orderId,
                names.contains(orderId)
                        ? new ExecutionLookup.RunningExecution()
                        : new ExecutionLookup.MissingExecution());
    }

    @Override
    public Optional<String> findLastState(UUID orderId) {
        return Optional.ofNullable(lastStates.get(orderId));
    }

    @Override
    public ExecutionFailure findFailure(UUID orderId) {
        return failures.getOrDefault(orderId, ExecutionFailure.UNKNOWN);
    }

    @Override
    public StartWorkflowResult start(WorkflowInput fulfilment) {
        return answer.apply(fulfilment);
    }

    StartWorkflowResult work(WorkflowInput fulfilment) {
        if (!names.add(fulfilment.orderId())) {
            return new StartWorkflowResult.AlreadyStarted();
        }
        started.add(fulfilment);
        return new StartWorkflowResult.ExecutionStarted();
    }

    List<WorkflowInput> of(UUID orderId) {
        return started.stream().filter(it -> it.orderId().equals(orderId)).toList();
    }
}
