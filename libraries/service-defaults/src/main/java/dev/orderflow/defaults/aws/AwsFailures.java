package dev.orderflow.defaults.aws;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/// Distinguishes an unavailable AWS service from a rejected request.
public final class AwsFailures {

    /// Deeper than any chain of causes of Spring and the SDK.
    private static final int MAX_DEPTH = 16;

    private AwsFailures() {}

    /// The outage of an AWS service among a failure and its causes.
    public static Optional<SdkException> findOutage(Throwable failure) {
        @Nullable Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
            if (cause instanceof SdkException aws && isOutage(aws)) {
                return Optional.of(aws);
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    /// Whether there was no response, or one that does not depend on the request (5xx or
    /// throttling), after the retries of the SDK.
    public static boolean isOutage(SdkException failure) {
        return !(failure instanceof SdkServiceException answered)
                || answered.statusCode() >= 500
                || answered.isThrottlingException();
    }
}
