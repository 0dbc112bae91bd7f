package dev.orderflow.localcloud.wire;

/// An error response of AWS: an error code that SDKs map to a typed exception, and a message.
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

    /// An error of a service that supported the query protocol first and kept its error codes.
    ///
    /// @param shape the error's name in JSON and CBOR, for example `QueueDoesNotExist`
    /// @param code the error's code in the query protocol, for example
    ///     `AWS.SimpleQueueService.NonExistentQueue`
    public static AwsErrorException of(int status, String shape, String code, String message) {
        return new AwsErrorException(status, shape, code, message);
    }

    /// A client error with status 400, the status of most errors of the JSON protocols, including
    /// not found.
    public static AwsErrorException client(String code, String message) {
        return new AwsErrorException(400, code, code, message);
    }

    /// An error with a specific status, such as 404 from SNS.
    public static AwsErrorException withStatus(int status, String code, String message) {
        return new AwsErrorException(status, code, code, message);
    }

    /// The input is well-formed but a value is not allowed.
    public static AwsErrorException validation(String message) {
        return client("ValidationException", message);
    }

    /// An operation that AWS has and the local cloud does not support.
    public static AwsErrorException unknownOperation(String operation) {
        return client(
                "UnknownOperationException",
                "local-cloud does not support the operation " + operation);
    }

    /// The error's name in JSON and CBOR, without namespace or `#` prefix.
    public String shape() {
        return shape;
    }

    /// The error code that SDKs show, without namespace or `#` prefix, for example
    /// `ResourceNotFoundException`.
    public String code() {
        return code;
    }

    /// The HTTP status of the response.
    public int status() {
        return status;
    }
}
