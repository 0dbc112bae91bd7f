package dev.orderflow.localcloud.stepfunctions;

import java.util.Optional;

/// What a Task's `Resource` calls, and how it waits for the answer.
///
/// Supported are exactly the constants of [Action] with the patterns each names; everything else
/// that AWS integrates with is refused when the state machine is created.
record Integration(Action action, Pattern pattern) {

    private static final String PREFIX = "arn:aws:states:::";

    /// How a Task waits.
    enum Pattern {
        /// For the answer of the call.
        RESPONSE(""),
        /// For `SendTaskSuccess` or `SendTaskFailure` with the task's token.
        CALLBACK(".waitForTaskToken"),
        /// For the end of the started execution, whose output is text.
        SYNC(".sync"),
        /// For the end of the started execution, whose output is JSON.
        SYNC_JSON(".sync:2");

        private final String suffix;

        Pattern(String suffix) {
            this.suffix = suffix;
        }

        boolean hasToken() {
            return this != RESPONSE;
        }
    }

    /// A call that a Task can make.
    enum Action {
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

        Action(String service, String call) {
            this.service = service;
            this.call = call;
        }

        boolean allows(Pattern pattern) {
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
    static Optional<Integration> of(String resource) {
        for (Action action : Action.values()) {
            for (Pattern pattern : Pattern.values()) {
                if (action.allows(pattern)
                        && resource.equals(
                                PREFIX + action.service + ":" + action.call + pattern.suffix)) {
                    return Optional.of(new Integration(action, pattern));
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
