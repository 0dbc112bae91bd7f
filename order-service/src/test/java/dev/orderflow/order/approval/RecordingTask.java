package dev.orderflow.order.approval;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.springframework.context.annotation.Primary;
import org.springframework.stereotype.Component;

/// A workflow that remembers what it was told and takes it as a test wants.
@Component
@Primary
final class RecordingTask implements WaitingTask {

    record Told(String token, Decision decision) {}

    final List<Told> told = new CopyOnWriteArrayList<>();

    /// How a token's answer is taken; by default gladly.
    final Map<String, Supplier<Reception>> receptions = new ConcurrentHashMap<>();

    @Override
    public Reception tell(String token, Decision decision) {
        told.add(new Told(token, decision));
        return receptions.getOrDefault(token, Reception.Taken::new).get();
    }

    List<Decision> of(String token) {
        return told.stream().filter(it -> it.token().equals(token)).map(Told::decision).toList();
    }
}
