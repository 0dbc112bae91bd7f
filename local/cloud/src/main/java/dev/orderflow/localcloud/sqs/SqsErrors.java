package dev.orderflow.localcloud.sqs;

import dev.orderflow.localcloud.wire.AwsError;

/// The refusals of SQS, each by the name it has in the JSON protocol and the code it has in the
/// query protocol ("Interpreting Amazon SQS JSON API
/// responses" in its guide).
final class SqsErrors {

    private static final String QUERY_NAMESPACE = "AWS.SimpleQueueService.";

    private SqsErrors() {}

    static AwsError noSuchQueue() {
        return AwsError.of(
                400,
                "QueueDoesNotExist",
                QUERY_NAMESPACE + "NonExistentQueue",
                "The specified queue does not exist.");
    }

    static AwsError queueExists(String attribute) {
        return AwsError.of(
                400,
                "QueueNameExists",
                "QueueAlreadyExists",
                "A queue already exists with the same name and a different value for attribute "
                        + attribute);
    }

    static AwsError invalidParameter(String message) {
        return AwsError.of(400, "InvalidParameterValueException", "InvalidParameterValue", message);
    }

    static AwsError invalidParameter(String name, Object value, String reason) {
        return invalidParameter(
                "Value %s for parameter %s is invalid. Reason: %s".formatted(value, name, reason));
    }

    static AwsError missingParameter(String name) {
        return AwsError.of(
                400,
                "MissingRequiredParameterException",
                "MissingParameter",
                "The request must contain the parameter " + name + ".");
    }

    static AwsError unknownAttribute(String name) {
        return AwsError.client("InvalidAttributeName", "Unknown Attribute " + name + ".");
    }

    static AwsError invalidAttribute(String name) {
        return AwsError.client(
                "InvalidAttributeValue", "Invalid value for the parameter " + name + ".");
    }

    static AwsError invalidAddress(String url) {
        return AwsError.client(
                "InvalidAddress", "The address %s is not valid for this endpoint.".formatted(url));
    }

    static AwsError invalidContents() {
        return AwsError.client(
                "InvalidMessageContents",
                "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to"
                        + " #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF");
    }

    static AwsError invalidReceiptHandle(String handle) {
        return AwsError.client(
                "ReceiptHandleIsInvalid",
                "The input receipt handle \"" + handle + "\" is not a valid receipt handle.");
    }

    static AwsError notFound(String message) {
        return AwsError.client("ResourceNotFoundException", message);
    }

    /// For errors whose query code is their name behind SQS's namespace.
    static AwsError named(String name, String message) {
        return AwsError.of(400, name, QUERY_NAMESPACE + name, message);
    }
}
