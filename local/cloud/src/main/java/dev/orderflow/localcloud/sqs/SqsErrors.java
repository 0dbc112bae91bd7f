package dev.orderflow.localcloud.sqs;

import dev.orderflow.localcloud.wire.AwsErrorException;

/// The errors of SQS, each with its name in the JSON protocol and its code in the query protocol
/// ("Interpreting Amazon SQS JSON API responses" in its guide).
final class SqsErrors {

    private static final String QUERY_NAMESPACE = "AWS.SimpleQueueService.";

    private SqsErrors() {}

    static AwsErrorException noSuchQueue() {
        return AwsErrorException.of(
                400,
                "QueueDoesNotExist",
                QUERY_NAMESPACE + "NonExistentQueue",
                "The specified queue does not exist.");
    }

    static AwsErrorException queueExists(String attribute) {
        return AwsErrorException.of(
                400,
                "QueueNameExists",
                "QueueAlreadyExists",
                "A queue already exists with the same name and a different value for attribute "
                        + attribute);
    }

    static AwsErrorException invalidParameter(String message) {
        return AwsErrorException.of(
                400, "InvalidParameterValueException", "InvalidParameterValue", message);
    }

    static AwsErrorException invalidParameter(String name, Object value, String reason) {
        return invalidParameter(
                "Value %s for parameter %s is invalid. Reason: %s".formatted(value, name, reason));
    }

    static AwsErrorException missingParameter(String name) {
        return AwsErrorException.of(
                400,
                "MissingRequiredParameterException",
                "MissingParameter",
                "The request must contain the parameter " + name + ".");
    }

    static AwsErrorException unknownAttribute(String name) {
        return AwsErrorException.client("InvalidAttributeName", "Unknown Attribute " + name + ".");
    }

    static AwsErrorException invalidAttribute(String name) {
        return AwsErrorException.client(
                "InvalidAttributeValue", "Invalid value for the parameter " + name + ".");
    }

    static AwsErrorException invalidAddress(String url) {
        return AwsErrorException.client(
                "InvalidAddress", "The address %s is not valid for this endpoint.".formatted(url));
    }

    static AwsErrorException invalidContents() {
        return AwsErrorException.client(
                "InvalidMessageContents",
                "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to"
                        + " #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF");
    }

    static AwsErrorException invalidReceiptHandle(String handle) {
        return AwsErrorException.client(
                "ReceiptHandleIsInvalid",
                "The input receipt handle \"" + handle + "\" is not a valid receipt handle.");
    }

    static AwsErrorException notFound(String message) {
        return AwsErrorException.client("ResourceNotFoundException", message);
    }

    /// For errors whose query code is their name with SQS's namespace.
    static AwsErrorException named(String name, String message) {
        return AwsErrorException.of(400, name, QUERY_NAMESPACE + name, message);
    }
}
