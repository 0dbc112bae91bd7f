package dev.orderflow.localcloud.stepfunctions;

import java.util.Optional;

/// The action that a Task's `Resource` calls, and how the Task waits for it.
///
/// Exactly the constants of [IntegrationAction] with their patterns are supported; any other
/// resource is rejected when the state machine is created.
record TaskResource(IntegrationAction action, IntegrationPattern pattern) {

    private static final String PREFIX = "arn:aws:states:::";

    /// The integration pattern of a Task.
    enum IntegrationPattern {
        /// Wait for the response of the call.
        RESPONSE(""),
        /// Wait for `SendTaskSuccess` or `SendTaskFailure` with the task token.
        CALLBACK(".waitForTaskToken"),
        /// Wait for the end of the child execution; its output is a string.
        SYNC(".sync"),
        /// Wait for the end of the child execution; its output is JSON.
        SYNC_JSON(".sync:2");

        private final String suffix;

        IntegrationPattern(String suffix) {
            this.suffix = suffix;
        }

        boolean hasToken() {
            return this != RESPONSE;
        }
    }

    /// An action that a Task can call.
    enum IntegrationAction {
        HTTP_INVOKE("http", "invoke"),
        EVENTS_PUT("events", "putEvents"),
        SQS_SEND("sqs", "sendMessage"),
        SNS_PUBLISH("sns", "publish"),
        STATES_START("states", "startExecution"),
        SDK_TASK_SUCCESS("aws-sdk:sfn", "sendTaskSuccess"),
        SDK_TASK_FAILURE("aws-sdk:sfn", "sendTaskFailure"),
        SDK_TASK_HEARTBEAT("aws-sdk:sfn", "sendTaskHeartbeat"),
        SDK_START("aws-sdk:sfn", "startExecution");

        private final String service;
        private final String call;

        IntegrationAction(String service, String call) {
            this.service = service;
            this.call = call;
        }

        boolean allows(IntegrationPattern pattern) {
            return switch (pattern) {
                case RESPONSE -> true;
                case CALLBACK ->
                        this == SQS_SEND
                                || this == SNS_PUBLISH
                                || this == EVENTS_PUT
                                || this == STATES_START;
                case SYNC, SYNC_JSON -> this == STATES_START;
            };
        }
    }

    /// The integration of a resource ARN, empty if it is not supported.
    static Optional<TaskResource> of(String resource) {
        for (IntegrationAction action : IntegrationAction.values()) {
            for (IntegrationPattern pattern : IntegrationPattern.values()) {
                if (action.allows(pattern)
                        && resource.equals(
                                PREFIX + action.service + ":" + action.call + pattern.suffix)) {
                    return Optional.of(new TaskResource(action, pattern));
                }
            }
        }
        return Optional.empty();
    }

    /// The `resourceType` in history events.
    String resourceType() {
        return action.service;
    }

    /// The `resource` in history events.
    String resource() {
        return action.call + pattern.suffix;
    }
}
