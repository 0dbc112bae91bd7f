package dev.orderflow.operations.services;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/// Describes failed calls of AWS.
public final class AwsFailureDescription {

    private AwsFailureDescription() {}

    /// The failure as text for operators, with the error code and without the message, which may
    /// quote the request.
    ///
    /// @param service the called service, for example `SQS`
    public static String describe(String service, SdkException failure) {
        if (failure instanceof AwsServiceException error
                && error.awsErrorDetails() != null
                && error.awsErrorDetails().errorCode() != null) {
            return "%s responded with %s".formatted(service, error.awsErrorDetails().errorCode());
        }
        return failure instanceof AwsServiceException error
                ? "%s responded with HTTP %d".formatted(service, error.statusCode())
                : service + " did not respond";
    }
}
