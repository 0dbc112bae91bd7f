package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.wire.AwsErrorException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The operations with which a client completes a task that waits for its token.
final class TaskTokenOperations {

    private final TaskTokens tokens;

    TaskTokenOperations(TaskTokens tokens) {
        this.tokens = tokens;
    }

    ObjectNode succeed(StepFunctionsRequest in) {
        in.allow("taskToken", "output");
        String token = token(in);
        String output = in.required("output");
        JsonNode parsed;
        try {
            parsed = StepFunctionsJson.parse(output);
        } catch (JacksonException | IllegalArgumentException _) {
            throw AwsErrorException.client("InvalidOutput", "Invalid Output: '" + output + "'");
        }
        StepFunctionsRequest.requirePayloadLimit("output", output);
        completeTask(token, new PendingTask.TaskResult.TaskSucceeded(parsed));
        return StepFunctionsJson.object();
    }

    ObjectNode fail(StepFunctionsRequest in) {
        in.allow("taskToken", "error", "cause");
        String error = in.bounded("error", 256);
        String cause = in.bounded("cause", 32_768);
        completeTask(token(in), new PendingTask.TaskResult.TaskFailed(error, cause));
        return StepFunctionsJson.object();
    }

    ObjectNode sendHeartbeat(StepFunctionsRequest in) {
        in.allow("taskToken");
        if (!tokens.find(token(in)).heartbeat()) {
            throw TaskTokens.timedOut();
        }
        return StepFunctionsJson.object();
    }

    private static String token(StepFunctionsRequest in) {
        String token = in.required("taskToken");
        if (token.length() > 2048) {
            throw StepFunctionsRequest.invalidToken();
        }
        return token;
    }

    private void completeTask(String token, PendingTask.TaskResult outcome) {
        if (!tokens.find(token).complete(outcome)) {
            throw TaskTokens.timedOut();
        }
    }

    /// The same operations, called by a task.
    void completeTask(TaskResource.IntegrationAction action, JsonNode arguments) {
        ObjectNode given = StepFunctionsJson.object();
        arguments
                .properties()
                .forEach(
                        e ->
                                given.set(
                                        Character.toLowerCase(e.getKey().charAt(0))
                                                + e.getKey().substring(1),
                                        e.getValue()));
        var in = new StepFunctionsRequest(given);
        ObjectNode unused =
                switch (action) {
                    case SDK_TASK_SUCCESS -> succeed(in);
                    case SDK_TASK_FAILURE -> fail(in);
                    default -> sendHeartbeat(in);
                };
    }
}
