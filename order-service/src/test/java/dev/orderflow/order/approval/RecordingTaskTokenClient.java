package dev.orderflow.order.approval;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.springframework.context.annotation.Primary;
import org.springframework.stereotype.Component;

/// A task token client that records decisions and returns prepared results.
@Component
@Primary
final class RecordingTaskTokenClient implements TaskTokenClient {

    record TaskCompletion(String token, ApprovalDecision decision) {}

    final List<TaskCompletion> completions = new CopyOnWriteArrayList<>();

    /// The result for each token; completed by default.
    final Map<String, Supplier<TaskCompletionResult>> receptions = new ConcurrentHashMap<>();

    @Override
    public TaskCompletionResult complete(String token, ApprovalDecision decision) {
        completions.add(new TaskCompletion(token, decision));
        return receptions.getOrDefault(token, TaskCompletionResult.TaskCompleted::new).get();
    }

    List<ApprovalDecision> decisionsFor(String token) {
        return completions.stream()
                .filter(it -> it.token().equals(token))
                .map(TaskCompletion::decision)
                .toList();
    }
}
