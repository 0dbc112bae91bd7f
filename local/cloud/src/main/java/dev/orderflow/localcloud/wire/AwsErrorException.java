package dev.orderflow.localcloud.wire;

/// A refusal as AWS gives it: an error code that SDKs turn into a typed exception, and a message
/// for people.
public final class AwsErrorException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String shape;
    private final String code;
    private final int status;

    private AwsErrorException(int status, String shape, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.shape = shape;
        this.code = code;
    }

    /// A refusal of a service that once spoke the query protocol and kept that protocol's codes.
    ///
    /// @param shape the error's name in JSON and CBOR, for example `QueueDoesNotExist`
    /// @param code the error's code in the query protocol, for example
    ///     `AWS.SimpleQueueService.NonExistentQueue`
    public static AwsErrorException of(int status, String shape, String code, String message) {
        return new AwsErrorException(status, shape, code, message);
    }

    /// The caller's mistake, HTTP 400: most errors of the JSON protocols, not-found included.
    public static AwsErrorException client(String code, String message) {
        return new AwsErrorException(400, code, code, message);
    }

    /// A refusal with a status of its own, such as 404 from SNS.
    public static AwsErrorException withStatus(int status, String code, String message) {
        return new AwsErrorException(status, code, code, message);
    }

    /// The input is well-formed but its value is not allowed.
    public static AwsErrorException validation(String message) {
        return client("ValidationException", message);
    }

    /// AWS has this operation, the local cloud has not.
    public static AwsErrorException unknownOperation(String operation) {
        return client(
                "UnknownOperationException",
                "local-cloud does not support the operation " + operation);
    }

    /// The error's name in JSON and CBOR, without namespace or `#` prefix.
    public String shape() {
        return shape;
    }

    /// The code that SDKs show, without namespace or `#` prefix, for example
    /// `ResourceNotFoundException`.
    public String code() {
        return code;
    }

    /// The HTTP status of the answer.
    public int status() {
        return status;
    }
}
