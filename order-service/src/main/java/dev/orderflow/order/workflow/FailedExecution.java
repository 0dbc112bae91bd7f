package dev.orderflow.order.workflow;

import dev.orderflow.defaults.text.UuidFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An execution that failed, timed out or was aborted, as
/// [Step Functions reports
/// it](https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html) on
/// the default bus. Input and output are not read, and only the gateway's code is taken from the
/// cause: they may contain personal data.
///
/// @param orderId the name of the execution
/// @param error the name of the error; empty when the execution was aborted
/// @param gatewayCode the payment gateway's error code, when the cause contains one
record FailedExecution(
        UUID orderId,
        String stateMachineArn,
        FailureStatus status,
        Optional<String> error,
        Optional<String> gatewayCode) {

    /// The statuses of an execution that did not succeed.
    enum FailureStatus {
        FAILED,
        TIMED_OUT,
        ABORTED
    }

    private static final Pattern ERROR_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,80}");

    /// The cause of a failed HTTP task is the response body, here a problem of payment-service.
    private static final Pattern GATEWAY_CODE =
            Pattern.compile("\\\\?\"gatewayCode\\\\?\"\\s*:\\s*\\\\?\"([a-z0-9_]{1,60})\\\\?\"");

    /// Parses an event.
    ///
    /// @throws IllegalArgumentException when it is another event; the message contains nothing of
    ///     it
    static FailedExecution parse(String body) {
        JsonNode event;
        try {
            event = JsonMapper.shared().readTree(body);
        } catch (JacksonException failure) {
            throw new IllegalArgumentException("not JSON", failure);
        }
        if (!event.path("source").asString("").equals("aws.states")
                || !event.path("detail-type")
                        .asString("")
                        .equals("Step Functions Execution Status Change")) {
            throw new IllegalArgumentException("not a Step Functions execution status change");
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
                                        "the name of the execution must be an order id"));
    }

    private static FailureStatus status(String status) {
        try {
            return FailureStatus.valueOf(status);
        } catch (IllegalArgumentException failure) {
            throw new IllegalArgumentException(
                    "status must be FAILED, TIMED_OUT or ABORTED", failure);
        }
    }
}
