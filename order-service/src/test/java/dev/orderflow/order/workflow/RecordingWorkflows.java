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

/// Workflows that only remember their input, one for each order.
@Component
@Primary
final class RecordingWorkflows implements Workflows {

    final List<Fulfilment> started = new CopyOnWriteArrayList<>();
    private final Set<UUID> names = ConcurrentHashMap.newKeySet();

    /// What happens at the next starts; by default they work.
    volatile Function<Fulfilment, Start> answer = this::work;

    /// Where the executions that ended badly were, as far as a test says so.
    final Map<UUID, String> lastStates = new ConcurrentHashMap<>();

    /// What is found of an execution, as far as a test says so.
    final Map<UUID, Existence> existences = new ConcurrentHashMap<>();

    @Override
    public Existence find(UUID orderId) {
        return existences.getOrDefault(
                orderId,
                names.contains(orderId) ? new Existence.Running() : new Existence.Missing());
    }

    @Override
    public Optional<String> lastState(UUID orderId) {
        return Optional.ofNullable(lastStates.get(orderId));
    }

    @Override
    public Start start(Fulfilment fulfilment) {
        return answer.apply(fulfilment);
    }

    Start work(Fulfilment fulfilment) {
        if (!names.add(fulfilment.orderId())) {
            return new Start.StartedBefore();
        }
        started.add(fulfilment);
        return new Start.Started();
    }

    List<Fulfilment> of(UUID orderId) {
        return started.stream().filter(it -> it.orderId().equals(orderId)).toList();
    }
}
