package dev.orderflow.shipping.workflow;

import dev.orderflow.contracts.value.TaskToken;
import dev.orderflow.defaults.problem.FailureDescription;
import dev.orderflow.shipping.domain.TrackingNumber;
import dev.orderflow.shipping.shipment.WorkflowCallbackClient;
import java.util.UUID;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.InvalidTokenException;
import software.amazon.awssdk.services.sfn.model.TaskDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.TaskTimedOutException;
import tools.jackson.databind.json.JsonMapper;

/// Answers the workflow through the task token API of Step Functions. The workflow definition
/// catches the errors `OrderCancelled`, `ShipmentRejected` and `PaymentAuthorizationExpired`.
@Component
class StepFunctionsCallbackClient implements WorkflowCallbackClient {

    private final SfnClient stepFunctions;

    StepFunctionsCallbackClient(SfnClient stepFunctions) {
        this.stepFunctions = stepFunctions;
    }

    @Override
    public CallbackResult reportShipped(
            TaskToken token, UUID shipmentId, TrackingNumber trackingNumber) {
        var output =
                JsonMapper.shared()
                        .writeValueAsString(
                                new ShipmentTaskOutput(
                                        shipmentId.toString(), trackingNumber.value()));
        return call(
                () ->
                        stepFunctions.sendTaskSuccess(
                                request -> request.taskToken(token.value()).output(output)));
    }

    @Override
    public CallbackResult reportCancelled(TaskToken token) {
        return sendFailure(
                token, "OrderCancelled", "The order was cancelled before it was dispatched.");
    }

    @Override
    public CallbackResult reportRejected(TaskToken token) {
        return sendFailure(token, "ShipmentRejected", "The carrier rejected the parcel.");
    }

    @Override
    public CallbackResult reportAuthorizationExpired(TaskToken token) {
        return sendFailure(
                token,
                "PaymentAuthorizationExpired",
                "The payment authorisation does not last until the capture, so the order was not dispatched.");
    }

    @Override
    public CallbackResult sendHeartbeat(TaskToken token) {
        return call(
                () -> stepFunctions.sendTaskHeartbeat(request -> request.taskToken(token.value())));
    }

    private CallbackResult sendFailure(TaskToken token, String error, String cause) {
        return call(
                () ->
                        stepFunctions.sendTaskFailure(
                                request ->
                                        request.taskToken(token.value())
                                                .error(error)
                                                .cause(cause)));
    }

    private static CallbackResult call(Runnable request) {
        try {
            request.run();
            return new CallbackResult.CallbackAccepted();
        } catch (TaskDoesNotExistException _) {
            return new CallbackResult.TaskTokenInvalid("TaskDoesNotExist");
        } catch (TaskTimedOutException _) {
            return new CallbackResult.TaskTokenInvalid("TaskTimedOut");
        } catch (InvalidTokenException _) {
            return new CallbackResult.TaskTokenInvalid("InvalidToken");
        } catch (SdkException failed) {
            // Without the message of the exception, which may contain the token.
            return new CallbackResult.WorkflowUnreachable(FailureDescription.of(failed));
        }
    }

    private record ShipmentTaskOutput(String shipmentId, String trackingNumber) {}
}
