package dev.orderflow.outbox.eventbridge;

import java.util.Set;

/// What the error codes of EventBridge, SNS and SQS mean: those of an entry, those of an operation,
/// and those that every service of AWS may return. They are listed at
/// https://docs.aws.amazon.com/eventbridge/latest/APIReference/ under `PutEventsResultEntry`,
/// `PutEvents` and `Common Error Types`, and at the same places of SNS (`PublishBatch`) and SQS
/// (`SendMessageBatch`). SQS has two codes for an error, that of its JSON protocol and that of its
/// query protocol, which it sends along and the SDK prefers.
///
/// A code in no list means [ErrorMeaning#UNKNOWN]. Such an event is not parked: if AWS introduces a
/// code for an outage, thousands of good events would be. It is not assumed to be transient either:
/// the event is retried for as long as the error lasts, delays its own key alone, and is reported
/// as blocked.
final class AwsErrors {

    /// The cause of an error, which decides what is done about it.
    enum ErrorMeaning {
        /// AWS throttles: publishing pauses and is retried for as long as it lasts.
        THROTTLED,
        /// A transient failure of AWS: retried for as long as it lasts.
        TRANSIENT,
        /// Access or configuration: retried for as long as it lasts, and reported as blocked.
        BLOCKED,
        /// The event itself: parked after a few attempts.
        EVENT,
        /// Not known.
        UNKNOWN
    }

    private static final Set<String> THROTTLED_CODES =
            Set.of(
                    "KMS.ThrottlingException",
                    "KMSThrottling",
                    "KMSThrottlingException",
                    "KmsThrottled",
                    "OverLimit",
                    "Throttled",
                    "ThrottlingException",
                    "Throttling",
                    "ThrottledException",
                    "RequestThrottled",
                    "RequestThrottledException",
                    "RequestLimitExceeded",
                    "BandwidthLimitExceeded",
                    "LimitExceededException",
                    "ProvisionedThroughputExceededException",
                    "SlowDown",
                    "TooManyRequests",
                    "TooManyRequestsException");

    private static final Set<String> TRANSIENT_CODES =
            Set.of(
                    "InternalFailure",
                    "InternalException",
                    "InternalError",
                    "InternalServerError",
                    "InternalServerException",
                    "InternalServiceError",
                    "InternalServiceException",
                    "InternalFailureException",
                    "ServiceUnavailable",
                    "ServiceUnavailableException",
                    "ServiceFailure",
                    "RequestTimeout",
                    "RequestTimeoutException",
                    "TimeoutException",
                    "ConcurrentModificationException",
                    "PriorRequestNotComplete",
                    "TransientError");

    private static final Set<String> BLOCKED_CODES =
            Set.of(
                    "AccessDenied",
                    "AccessDeniedException",
                    "NotAuthorized",
                    "NotAuthorizedException",
                    "NotAuthorizedForSourceException",
                    "NotAuthorizedForDetailTypeException",
                    "UnauthorizedOperation",
                    "AuthFailure",
                    "InvalidAccountIdException",
                    "InvalidClientTokenId",
                    "UnrecognizedClientException",
                    "IncompleteSignature",
                    "IncompleteSignatureException",
                    "InvalidSignatureException",
                    "SignatureDoesNotMatch",
                    "MissingAuthenticationToken",
                    "MissingAuthenticationTokenException",
                    "ExpiredToken",
                    "ExpiredTokenException",
                    "RequestExpired",
                    "RequestTimeTooSkewed",
                    "RequestInTheFuture",
                    "OptInRequired",
                    "SubscriptionRequiredException",
                    "InvalidAction",
                    "UnknownOperationException",
                    "OperationDisabledException",
                    "ResourceNotFoundException",
                    "AuthorizationError",
                    "AuthorizationErrorException",
                    "AWS.SimpleQueueService.NonExistentQueue",
                    "AWS.SimpleQueueService.QueueDeletedRecently",
                    "AWS.SimpleQueueService.UnsupportedOperation",
                    "InvalidAddress",
                    "InvalidSecurity",
                    "InvalidSecurityException",
                    "KMS.AccessDeniedException",
                    "KMS.DisabledException",
                    "KMS.InvalidKeyUsageException",
                    "KMS.InvalidStateException",
                    "KMS.NotFoundException",
                    "KMS.OptInRequired",
                    "KMSAccessDenied",
                    "KMSDisabled",
                    "KMSInvalidState",
                    "KMSNotFound",
                    "KMSOptInRequired",
                    "KmsAccessDenied",
                    "KmsDisabled",
                    "KmsInvalidKeyUsage",
                    "KmsInvalidState",
                    "KmsNotFound",
                    "KmsOptInRequired",
                    "NotFound",
                    "NotFoundException",
                    "QueueDeletedRecently",
                    "QueueDoesNotExist",
                    "UnsupportedOperation",
                    "KMSAccessDeniedException",
                    "KMSDisabledException",
                    "KMSInvalidStateException",
                    "KMSNotFoundException");

    private static final Set<String> EVENT_CODES =
            Set.of(
                    "InvalidArgument",
                    "InvalidArgumentException",
                    "InvalidEventPatternException",
                    "InvalidParameterCombination",
                    "InvalidParameterValue",
                    "AWS.SimpleQueueService.BatchRequestTooLong",
                    "BatchRequestTooLong",
                    "InvalidMessageContents",
                    "InvalidParameter",
                    "InvalidParameterException",
                    "InvalidParameterValueException",
                    "MalformedDetail",
                    "MalformedQueryString",
                    "MissingParameter",
                    "RedactionFailure",
                    "RequestEntityTooLarge",
                    "RequestEntityTooLargeException",
                    "SerializationException",
                    "ValidationError",
                    "ValidationException");

    private AwsErrors() {}

    static ErrorMeaning of(String code) {
        if (THROTTLED_CODES.contains(code)) {
            return ErrorMeaning.THROTTLED;
        }
        if (TRANSIENT_CODES.contains(code)) {
            return ErrorMeaning.TRANSIENT;
        }
        if (BLOCKED_CODES.contains(code)) {
            return ErrorMeaning.BLOCKED;
        }
        return EVENT_CODES.contains(code) ? ErrorMeaning.EVENT : ErrorMeaning.UNKNOWN;
    }
}
