package dev.orderflow.localcloud.eventbridge;

import dev.orderflow.localcloud.pattern.EventPattern;
import dev.orderflow.localcloud.wire.AwsErrorException;

/// Errors that several EventBridge operations share.
final class EventBridgeErrors {

    private EventBridgeErrors() {}

    static AwsErrorException notFound(String message) {
        return AwsErrorException.client("ResourceNotFoundException", message);
    }

    static AwsErrorException alreadyExists(String message) {
        return AwsErrorException.client("ResourceAlreadyExistsException", message);
    }

    static AwsErrorException overLimit(String message) {
        return AwsErrorException.client("LimitExceededException", message);
    }

    static AwsErrorException illegalState(String message) {
        return AwsErrorException.client("IllegalStatusException", message);
    }

    static AwsErrorException unsupported(String what) {
        return AwsErrorException.validation("local-cloud does not support " + what);
    }

    static EventPattern pattern(String text) {
        try {
            return EventPattern.of(text);
        } catch (EventPattern.InvalidPatternException e) {
            throw AwsErrorException.client(
                    "InvalidEventPatternException",
                    "Event pattern is not valid. Reason: " + e.reason());
        }
    }
}
