package dev.orderflow.order.approval;

import dev.orderflow.defaults.problem.FailureDescription;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.InvalidTokenException;
import software.amazon.awssdk.services.sfn.model.SfnException;
import software.amazon.awssdk.services.sfn.model.TaskDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.TaskTimedOutException;

/// Completes tasks of Step Functions by their task token. The workflow's definition catches the
/// errors `ApprovalRejected` and `OrderCancelled`. The operator's name and note are not sent, since
/// the history of an execution must not contain personal data.
@Component
class StepFunctionsTaskTokenClient implements TaskTokenClient {

    private final SfnClient stepFunctions;

    StepFunctionsTaskTokenClient(SfnClient stepFunctions) {
        this.stepFunctions = stepFunctions;
    }

    @Override
    public TaskCompletionResult complete(String token, ApprovalDecision decision) {
        try {
            switch (decision) {
                case APPROVE ->
                        stepFunctions.sendTaskSuccess(
                                it -> it.taskToken(token).output("{\"decision\":\"APPROVE\"}"));
                case REJECT -> fail(token, "ApprovalRejected", "An operator rejected the order.");
                case CANCEL ->
                        fail(token, "OrderCancelled", "The customer cancelled before a decision.");
            }
            return new TaskCompletionResult.TaskCompleted();
        } catch (TaskTimedOutException | TaskDoesNotExistException | InvalidTokenException ended) {
            return new TaskCompletionResult.TaskTokenExpired(isRepeatedBySdk(ended));
        } catch (SdkException failed) {
            // The exception's message may contain the token.
            return new TaskCompletionResult.TaskServiceUnreachable(FailureDescription.of(failed));
        }
    }

    private static boolean isRepeatedBySdk(SfnException failure) {
        var attempts = failure.numAttempts();
        return attempts != null && attempts > 1;
    }

    private void fail(String token, String error, String cause) {
        stepFunctions.sendTaskFailure(it -> it.taskToken(token).error(error).cause(cause));
    }
}
