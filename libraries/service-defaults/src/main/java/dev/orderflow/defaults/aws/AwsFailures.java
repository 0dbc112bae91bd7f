package dev.orderflow.defaults.aws;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/// Distinguishes an unavailable AWS service from a rejected request.
public final class AwsFailures {

    private AwsFailures() {}

    /// Whether there was no response, or one that does not depend on the request (5xx or
    /// throttling), after the retries of the SDK.
    public static boolean isOutage(SdkException failure) {
        return !(failure instanceof SdkServiceException answered)
                || answered.statusCode() >= 500
                || answered.isThrottlingException();
    }
}
