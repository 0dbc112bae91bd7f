package dev.orderflow.order.workflow;

import dev.orderflow.defaults.delivery.MessageOrderId;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An execution that failed, timed out or was aborted, as
/// [Step Functions reports
/// it](https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html) on
/// the default bus. Its error and cause are not read from the event, which lacks them when the
/// state machine is encrypted with a customer managed key; see [WorkflowClient#findFailure].
///
/// @param orderId the name of the execution
record FailedExecution(UUID orderId, String stateMachineArn, FailureStatus status) {

    /// The statuses of an execution that did not succeed.
    enum FailureStatus {
        FAILED,
        TIMED_OUT,
        ABORTED
    }

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
                || !event.path("detail-type").asString("").equals(MessageOrderId.EXECUTION_ENDED)) {
            throw new IllegalArgumentException("not a Step Functions execution status change");
        }
        var detail = event.path("detail");
        return new FailedExecution(
                MessageOrderId.find(MessageOrderId.EXECUTION_ENDED, detail)
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "the name of the execution must be an order id")),
                detail.path("stateMachineArn").asString(""),
                status(detail.path("status").asString("")));
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
