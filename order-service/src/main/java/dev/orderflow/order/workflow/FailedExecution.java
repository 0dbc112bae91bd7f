package dev.orderflow.order.workflow;

import dev.orderflow.defaults.text.UuidFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An execution that ended badly, as
/// [Step Functions tells
/// it](https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html) on
/// the default bus. Input and output are left unread, and of the cause only a code of the gateway's
/// is taken: they may hold anything.
///
/// @param orderId its name
/// @param error the name of the error it ended with, empty when it was aborted
/// @param gatewayCode why the payment gateway refused for good, when that was the cause
record FailedExecution(
        UUID orderId,
        String stateMachineArn,
        FailureStatus status,
        Optional<String> error,
        Optional<String> gatewayCode) {

    /// How an execution ends badly.
    enum FailureStatus {
        FAILED,
        TIMED_OUT,
        ABORTED
    }

    private static final Pattern ERROR_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,80}");

    /// The cause of a failed HTTP task is the answer's body, here a problem of payment-service's.
    private static final Pattern GATEWAY_CODE =
            Pattern.compile("\\\\?\"gatewayCode\\\\?\"\\s*:\\s*\\\\?\"([a-z0-9_]{1,60})\\\\?\"");

    /// Reads a message.
    ///
    /// @throws IllegalArgumentException when it is none of this kind, with a reason that quotes
    ///     nothing of it
    static FailedExecution parse(String body) {
        JsonNode event;
        try {
            event = JsonMapper.shared().readTree(body);
        } catch (JacksonException notJson) {
            throw new IllegalArgumentException("not JSON", notJson);
        }
        if (!event.path("source").asString("").equals("aws.states")
                || !event.path("detail-type")
                        .asString("")
                        .equals("Step Functions Execution Status Change")) {
            throw new IllegalArgumentException("not a status change of an execution");
        }
        var detail = event.path("detail");
        return new FailedExecution(
                orderId(detail.path("name").asString("")),
                detail.path("stateMachineArn").asString(""),
                status(detail.path("status").asString("")),
                Optional.ofNullable(detail.path("error").asString(null))
                        .filter(error -> ERROR_NAME.matcher(error).matches()),
                GATEWAY_CODE
                        .matcher(detail.path("cause").asString(""))
                        .results()
                        .map(found -> found.group(1))
                        .findFirst());
    }

    private static UUID orderId(String name) {
        return UuidFormat.parse(name)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "the execution's name must be an order's id"));
    }

    private static FailureStatus status(String status) {
        try {
            return FailureStatus.valueOf(status);
        } catch (IllegalArgumentException unknown) {
            throw new IllegalArgumentException(
                    "status must be FAILED, TIMED_OUT or ABORTED", unknown);
        }
    }
}
