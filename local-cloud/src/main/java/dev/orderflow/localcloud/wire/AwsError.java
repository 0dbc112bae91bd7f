package dev.orderflow.localcloud.wire;

/// A refusal as AWS gives it: an error code that SDKs turn into a typed exception, and a message
/// for people.
public final class AwsError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String code;
    private final int status;

    private AwsError(int status, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    /// The caller's mistake, HTTP 400: most errors of the JSON protocols, not-found included.
    public static AwsError client(String code, String message) {
        return new AwsError(400, code, message);
    }

    /// A refusal with a status of its own, such as 404 from SNS.
    public static AwsError withStatus(int status, String code, String message) {
        return new AwsError(status, code, message);
    }

    /// The input is well-formed but its value is not allowed.
    public static AwsError validation(String message) {
        return client("ValidationException", message);
    }

    /// AWS has this operation, the local cloud has not.
    public static AwsError unknownOperation(String operation) {
        return client(
                "UnknownOperationException",
                "local-cloud does not support the operation " + operation);
    }

    /// The code without namespace or `#` prefix, for example `ResourceNotFoundException`.
    public String code() {
        return code;
    }

    /// The HTTP status of the answer.
    public int status() {
        return status;
    }
}
