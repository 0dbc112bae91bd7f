package dev.orderflow.localcloud.stepfunctions;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A state failed. Ends the work of the state; Retry and Catch then handle it.
///
/// An exception, because a failure can occur at any depth of an evaluation. Without a stack trace,
/// because it concerns the workflow and not this program.
final class StateFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    static final String ALL = "States.ALL";
    static final String RUNTIME = "States.Runtime";
    static final String PERMISSIONS = "States.Permissions";
    static final String TIMEOUT = "States.Timeout";
    static final String HEARTBEAT_TIMEOUT = "States.HeartbeatTimeout";
    static final String TASK_FAILED = "States.TaskFailed";
    static final String QUERY_EVALUATION = "States.QueryEvaluationError";
    static final String DATA_LIMIT = "States.DataLimitExceeded";
    static final String INTRINSIC = "States.IntrinsicFailure";

    /// The origin of a failure, which decides its history events and the text around its cause.
    enum FailureOrigin {
        /// Reported by a task, a branch or a Fail state; the cause is unchanged.
        REPORTED,
        /// Raised by the interpreter; the cause gets the name and entry event of the state.
        INTERPRETER,
        /// Raised by a JSONata expression; an `EvaluationFailed` event precedes it.
        EXPRESSION
    }

    private final @Nullable String error;
    private final @Nullable String cause;
    private final FailureOrigin origin;
    private final @Nullable String location;

    /// A second name that Retry and Catch match.
    private final @Nullable String alias;

    private final boolean ofBranches;

    private StateFailedException(
            @Nullable String error,
            @Nullable String cause,
            FailureOrigin origin,
            @Nullable String location,
            @Nullable String alsoKnownAs,
            boolean ofBranches) {
        super(error + ": " + cause, null, false, false);
        this.error = error;
        this.cause = cause;
        this.origin = origin;
        this.location = location;
        this.alias = alsoKnownAs;
        this.ofBranches = ofBranches;
    }

    private StateFailedException(
            @Nullable String error,
            @Nullable String cause,
            FailureOrigin origin,
            @Nullable String location) {
        this(error, cause, origin, location, null, false);
    }

    /// A missing heartbeat. Its error is `States.Timeout`.
    static StateFailedException heartbeatTimeout() {
        return new StateFailedException(
                TIMEOUT, null, FailureOrigin.REPORTED, null, HEARTBEAT_TIMEOUT, false);
    }

    /// Returns this failure marked as one of the branches or iterations of a state.
    StateFailedException asBranchFailure() {
        return new StateFailedException(error, cause, origin, location, alias, true);
    }

    /// Whether a Parallel or Map state failed before all branches had succeeded.
    boolean isBranchFailure() {
        return ofBranches;
    }

    static StateFailedException reported(@Nullable String error, @Nullable String cause) {
        return new StateFailedException(error, cause, FailureOrigin.REPORTED, null);
    }

    static StateFailedException runtime(String cause) {
        return new StateFailedException(RUNTIME, cause, FailureOrigin.INTERPRETER, null);
    }

    static StateFailedException interpreter(String error, String cause) {
        return new StateFailedException(error, cause, FailureOrigin.INTERPRETER, null);
    }

    static StateFailedException expression(String cause, String location) {
        return new StateFailedException(
                QUERY_EVALUATION, cause, FailureOrigin.EXPRESSION, location);
    }

    /// Returns this failure with its state in the cause, added once.
    StateFailedException withStateContext(String state, long enteredEventId) {
        if (origin == FailureOrigin.REPORTED) {
            return this;
        }
        return new StateFailedException(
                error,
                "An error occurred while executing the state '%s' (entered at the event id #%d). %s"
                        .formatted(state, enteredEventId, cause),
                FailureOrigin.REPORTED,
                null,
                alias,
                ofBranches);
    }

    @Nullable String error() {
        return error;
    }

    @Nullable String causeText() {
        return cause;
    }

    FailureOrigin origin() {
        return origin;
    }

    @Nullable String location() {
        return location;
    }

    /// Whether a name in `ErrorEquals` matches this failure.
    boolean matches(String name) {
        if (RUNTIME.equals(error)) {
            return false;
        }
        if (name.equals(error) || name.equals(alias)) {
            return true;
        }
        return switch (name) {
            case ALL -> !DATA_LIMIT.equals(error);
            case TASK_FAILED -> !TIMEOUT.equals(error) && !DATA_LIMIT.equals(error);
            case TIMEOUT -> HEARTBEAT_TIMEOUT.equals(error);
            default -> false;
        };
    }

    /// Whether neither Retry nor Catch applies.
    boolean isFinal() {
        return RUNTIME.equals(error);
    }

    /// The error output of a Catch.
    ObjectNode output() {
        ObjectNode output = StepFunctionsJson.object();
        output.set("Error", text(error));
        output.set("Cause", text(cause));
        return output;
    }

    private static JsonNode text(@Nullable String value) {
        return value == null
                ? StepFunctionsJson.NODES.nullNode()
                : StepFunctionsJson.NODES.stringNode(value);
    }
}
