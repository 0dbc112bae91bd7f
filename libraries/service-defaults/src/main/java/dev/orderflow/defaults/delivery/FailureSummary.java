package dev.orderflow.defaults.delivery;

import java.util.concurrent.CompletionException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/// Describes failures for log lines without their messages, which may quote personal data.
final class FailureSummary {

    private FailureSummary() {}

    static String of(Throwable failure) {
        var cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        if (cause instanceof AwsServiceException answered) {
            var details = answered.awsErrorDetails();
            return answered.statusCode() + (details == null ? "" : " " + details.errorCode());
        }
        return cause.getClass().getSimpleName();
    }
}
