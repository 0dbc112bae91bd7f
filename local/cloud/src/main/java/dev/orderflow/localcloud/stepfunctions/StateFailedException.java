package dev.orderflow.localcloud.stepfunctions;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A state has failed: it unwinds the state's own work, then Retry and Catch see it.
///
/// An exception because a failure ends the evaluation of a state from any depth of it. It has no
/// stack trace: it says something about the workflow, never about this program.
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

    /// Who found the failure, which decides the events it leaves and the words around its cause.
    enum FailureOrigin {
        /// What a task, a branch or a Fail state reported; the cause stands as given.
        REPORTED,
        /// The interpreter itself; the cause is told with the state's name and entry event.
        INTERPRETER,
        /// A JSONata expression; leaves an `EvaluationFailed` event first.
        EXPRESSION
    }

    private final @Nullable String error;
    private final @Nullable String cause;
    private final FailureOrigin origin;
    private final @Nullable String location;

    /// Another name by which Retry and Catch may name it.
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

    /// No heartbeat came in time. Its error is that of every time-out.
    static StateFailedException heartbeatTimeout() {
        return new StateFailedException(
                TIMEOUT, null, FailureOrigin.REPORTED, null, HEARTBEAT_TIMEOUT, false);
    }

    /// The same failure, of the branches or iterations of a state rather than of what follows them.
    StateFailedException asBranchFailure() {
        return new StateFailedException(error, cause, origin, location, alias, true);
    }

    /// Whether a Parallel or Map state failed before all its branches had succeeded.
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

    /// The same failure with its cause told from the state it happened in, once.
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

    /// Whether a name of `ErrorEquals` means this failure.
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

    /// Whether nothing can retry or catch it.
    boolean isFinal() {
        return RUNTIME.equals(error);
    }

    /// What a Catch hands on.
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
