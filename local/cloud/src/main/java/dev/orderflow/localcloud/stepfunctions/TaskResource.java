package dev.orderflow.localcloud.stepfunctions;

import java.util.Optional;

/// What a Task's `Resource` calls, and how it waits for the answer.
///
/// Supported are exactly the constants of [IntegrationAction] with the patterns each names;
/// everything else that AWS integrates with is refused when the state machine is created.
record TaskResource(IntegrationAction action, IntegrationPattern pattern) {

    private static final String PREFIX = "arn:aws:states:::";

    /// How a Task waits.
    enum IntegrationPattern {
        /// For the answer of the call.
        RESPONSE(""),
        /// For `SendTaskSuccess` or `SendTaskFailure` with the task's token.
        CALLBACK(".waitForTaskToken"),
        /// For the end of the started execution, whose output is text.
        SYNC(".sync"),
        /// For the end of the started execution, whose output is JSON.
        SYNC_JSON(".sync:2");

        private final String suffix;

        IntegrationPattern(String suffix) {
            this.suffix = suffix;
        }

        boolean hasToken() {
            return this != RESPONSE;
        }
    }

    /// A call that a Task can make.
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

    /// The integration of a resource ARN, empty when there is none here.
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

    /// As `resourceType` of history events tells it.
    String resourceType() {
        return action.service;
    }

    /// As `resource` of history events tells it.
    String resource() {
        return action.call + pattern.suffix;
    }
}
