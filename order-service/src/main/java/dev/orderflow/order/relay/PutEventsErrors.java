package dev.orderflow.order.relay;

import java.util.Set;

/// What the error codes of `PutEvents` mean: those of its entries, those of the operation, and
/// those that every service of AWS may give. They are listed at
/// https://docs.aws.amazon.com/eventbridge/latest/APIReference/ under `PutEventsResultEntry`,
/// `PutEvents` and `Common Error Types`.
///
/// A code that is in no list means [ErrorMeaning#UNKNOWN]. Such an event is not given up: if AWS
/// has a new code for an outage, thousands of good events would be parked. It is not believed to
/// pass by itself either: it is tried again for as long as it lasts, holds up its own order alone,
/// and the alarm for blocked events tells of it.
final class PutEventsErrors {

    /// Whose fault an error is, and so what is done about it.
    enum ErrorMeaning {
        /// AWS is slowing us down: publishing pauses, and is tried again for as long as it lasts.
        BUSY,
        /// A failure of AWS that passes: tried again for as long as it lasts.
        PASSES,
        /// Access or configuration: tried again for as long as it lasts, with an alarm.
        BLOCKED,
        /// The event itself: parked after a few tries.
        EVENT,
        /// Not known.
        UNKNOWN
    }

    private static final Set<String> BUSY =
            Set.of(
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

    private static final Set<String> PASSES =
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

    private static final Set<String> BLOCKED =
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
                    "KMSAccessDeniedException",
                    "KMSDisabledException",
                    "KMSInvalidStateException",
                    "KMSNotFoundException");

    private static final Set<String> EVENT =
            Set.of(
                    "InvalidArgument",
                    "InvalidArgumentException",
                    "InvalidEventPatternException",
                    "InvalidParameterCombination",
                    "InvalidParameterValue",
                    "MalformedDetail",
                    "MalformedQueryString",
                    "MissingParameter",
                    "RedactionFailure",
                    "RequestEntityTooLarge",
                    "RequestEntityTooLargeException",
                    "SerializationException",
                    "ValidationError",
                    "ValidationException");

    private PutEventsErrors() {}

    static ErrorMeaning of(String code) {
        if (BUSY.contains(code)) {
            return ErrorMeaning.BUSY;
        }
        if (PASSES.contains(code)) {
            return ErrorMeaning.PASSES;
        }
        if (BLOCKED.contains(code)) {
            return ErrorMeaning.BLOCKED;
        }
        return EVENT.contains(code) ? ErrorMeaning.EVENT : ErrorMeaning.UNKNOWN;
    }
}
