package dev.orderflow.outbox.eventbridge;

import dev.orderflow.outbox.OutboxEvent;
import dev.orderflow.outbox.OutboxFailureDescription;
import dev.orderflow.outbox.OutboxTarget.EntryResult;
import dev.orderflow.outbox.OutboxTarget.PublishResult;
import dev.orderflow.outbox.OutboxTarget.TargetState;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/// Turns what the SDK returns and throws into results of a target.
final class AwsCalls {

    private static final Logger log = LoggerFactory.getLogger(AwsCalls.class);

    private static final int CONTENT_TOO_LARGE = 413;
    private static final int TOO_MANY_REQUESTS = 429;

    private AwsCalls() {}

    /// Runs a call that publishes events.
    ///
    /// @param call returns the result of each event, in their sequence; fewer or more than there
    ///     are events prove nothing about any of them
    static PublishResult publish(
            String operation, List<OutboxEvent> events, Supplier<List<EntryResult>> call) {
        try {
            var results = call.get();
            return results.size() == events.size()
                    ? new PublishResult.EntryResults(results)
                    : new PublishResult.TargetUnavailable(
                            "%d results for %d events".formatted(results.size(), events.size()));
        } catch (AwsServiceException rejection) {
            return toPublishResult(operation, events, rejection);
        } catch (SdkException failure) {
            return new PublishResult.TargetUnavailable(noResponse(failure));
        }
    }

    /// What the rejection of a whole call means for its events.
    private static PublishResult toPublishResult(
            String operation, List<OutboxEvent> events, AwsServiceException rejection) {
        var code = code(rejection);
        int status = rejection.statusCode();
        return switch (AwsErrors.of(code)) {
            case THROTTLED, TRANSIENT -> new PublishResult.TargetUnavailable(code);
            case BLOCKED -> new PublishResult.CallBlocked(code);
            case EVENT -> {
                log.warn("{} rejected the call with {}: {}", operation, events, code);
                yield new PublishResult.CallRejected(new EntryResult.EntryRejected(code));
            }
            case UNKNOWN -> {
                if (status == CONTENT_TOO_LARGE) {
                    yield new PublishResult.CallRejected(new EntryResult.EntryRejected(code));
                }
                // Without a server error one of the events may be the cause, which must not stop
                // the others.
                yield status >= 500 || status == TOO_MANY_REQUESTS
                        ? new PublishResult.TargetUnavailable(code)
                        : new PublishResult.CallRejected(new EntryResult.EntryBlocked(code));
            }
        };
    }

    /// The result of one entry.
    ///
    /// @param code its error code; null when it was accepted
    static EntryResult toEntryResult(@Nullable String code) {
        if (code == null) {
            return new EntryResult.EntryAccepted();
        }
        return switch (AwsErrors.of(code)) {
            case THROTTLED -> new EntryResult.EntryThrottled();
            case TRANSIENT -> new EntryResult.EntryFailed(code);
            case EVENT -> new EntryResult.EntryRejected(code);
            case BLOCKED, UNKNOWN -> new EntryResult.EntryBlocked(code);
        };
    }

    /// Runs a call that describes the target.
    ///
    /// @param isMissing whether the service says that the target does not exist
    static TargetState describe(Runnable call, Predicate<AwsServiceException> isMissing) {
        try {
            call.run();
            return new TargetState.TargetExists();
        } catch (AwsServiceException rejection) {
            return isMissing.test(rejection)
                    ? new TargetState.TargetMissing()
                    : new TargetState.TargetUnknown(code(rejection));
        } catch (SdkException failure) {
            return new TargetState.TargetUnknown(noResponse(failure));
        }
    }

    /// A call without a response, in the words of the outbox, which does not know the SDK.
    static String noResponse(SdkException failure) {
        return failure instanceof ApiCallTimeoutException
                        || failure instanceof ApiCallAttemptTimeoutException
                ? OutboxFailureDescription.NO_RESPONSE_IN_TIME
                : OutboxFailureDescription.of(failure, OutboxFailureDescription.NO_RESPONSE);
    }

    private static String code(AwsServiceException rejection) {
        var details = rejection.awsErrorDetails();
        return details == null || details.errorCode() == null
                ? "HTTP " + rejection.statusCode()
                : details.errorCode();
    }
}
