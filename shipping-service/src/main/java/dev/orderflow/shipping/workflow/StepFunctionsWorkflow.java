package dev.orderflow.shipping.workflow;

import dev.orderflow.shipping.arrangement.WaitingWorkflow;
import dev.orderflow.shipping.domain.TaskToken;
import dev.orderflow.shipping.domain.TrackingNumber;
import java.util.UUID;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.InvalidTokenException;
import software.amazon.awssdk.services.sfn.model.TaskDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.TaskTimedOutException;
import tools.jackson.databind.json.JsonMapper;

/// The waiting workflow is an execution in Step Functions. The errors `OrderCancelled`,
/// `ShipmentRefused` and `PaymentAuthorizationExpired` are names that its definition catches.
@Component
class StepFunctionsWorkflow implements WaitingWorkflow {

    private final SfnClient stepFunctions;

    StepFunctionsWorkflow(SfnClient stepFunctions) {
        this.stepFunctions = stepFunctions;
    }

    @Override
    public Reception shipped(TaskToken token, UUID shipmentId, TrackingNumber trackingNumber) {
        var output =
                JsonMapper.shared()
                        .writeValueAsString(
                                new Output(shipmentId.toString(), trackingNumber.value()));
        return tell(
                () ->
                        stepFunctions.sendTaskSuccess(
                                answer -> answer.taskToken(token.value()).output(output)));
    }

    @Override
    public Reception cancelled(TaskToken token) {
        return failure(
                token, "OrderCancelled", "The order was cancelled before it was dispatched.");
    }

    @Override
    public Reception refused(TaskToken token) {
        return failure(token, "ShipmentRefused", "The carrier will not take the parcel.");
    }

    @Override
    public Reception holdEnded(TaskToken token) {
        return failure(
                token,
                "PaymentAuthorizationExpired",
                "The payment's hold does not last, so the parcel was not dispatched.");
    }

    @Override
    public Reception stillWaiting(TaskToken token) {
        return tell(() -> stepFunctions.sendTaskHeartbeat(sign -> sign.taskToken(token.value())));
    }

    private Reception failure(TaskToken token, String error, String cause) {
        return tell(
                () ->
                        stepFunctions.sendTaskFailure(
                                answer ->
                                        answer.taskToken(token.value()).error(error).cause(cause)));
    }

    private static Reception tell(Runnable call) {
        try {
            call.run();
            return new Reception.Taken();
        } catch (TaskDoesNotExistException _) {
            return new Reception.NobodyWaits("TaskDoesNotExist");
        } catch (TaskTimedOutException _) {
            return new Reception.NobodyWaits("TaskTimedOut");
        } catch (InvalidTokenException _) {
            return new Reception.NobodyWaits("InvalidToken");
        } catch (SdkException failed) {
            // Without its message, which may quote the token.
            return new Reception.Unreachable(failed.getClass().getSimpleName());
        }
    }

    private record Output(String shipmentId, String trackingNumber) {}
}
