package dev.orderflow.defaults.network;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/// Tells an AWS service that is away from one that refuses.
public final class AwsFailures {

    private AwsFailures() {}

    /// Whether there was no answer, or one that is not about the request: 5xx or throttled, after
    /// the SDK's own retries.
    public static boolean isOutage(SdkException failure) {
        return !(failure instanceof SdkServiceException answered)
                || answered.statusCode() >= 500
                || answered.isThrottlingException();
    }
}
