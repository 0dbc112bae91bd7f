package dev.orderflow.localcloud.eventbridge;

import dev.orderflow.localcloud.pattern.EventPattern;
import dev.orderflow.localcloud.wire.AwsError;

/// The errors of EventBridge that more than one operation gives.
final class Refusals {

    private Refusals() {}

    static AwsError notFound(String message) {
        return AwsError.client("ResourceNotFoundException", message);
    }

    static AwsError alreadyExists(String message) {
        return AwsError.client("ResourceAlreadyExistsException", message);
    }

    static AwsError overLimit(String message) {
        return AwsError.client("LimitExceededException", message);
    }

    static AwsError illegalState(String message) {
        return AwsError.client("IllegalStatusException", message);
    }

    static AwsError unsupported(String what) {
        return AwsError.validation("local-cloud does not support " + what);
    }

    static EventPattern pattern(String text) {
        try {
            return EventPattern.of(text);
        } catch (EventPattern.BadPattern e) {
            throw AwsError.client(
                    "InvalidEventPatternException",
                    "Event pattern is not valid. Reason: " + e.reason());
        }
    }
}
