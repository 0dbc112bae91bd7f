package dev.orderflow.localcloud.ses;

import dev.orderflow.localcloud.wire.AwsErrorException;

/// Errors that several SES operations share.
final class SesErrors {

    /// The code with which version 1 rejects a value. Version 2 reports `BadRequestException`.
    private static final String INVALID = "InvalidParameterValue";

    private SesErrors() {}

    /// An invalid value, as version 1 reports it.
    static AwsErrorException invalid(String message) {
        return AwsErrorException.client(INVALID, message);
    }

    /// An invalid value, as version 2 reports it.
    static AwsErrorException badRequest(String message) {
        return AwsErrorException.client("BadRequestException", message);
    }

    static AwsErrorException notSupported(String operation) {
        return AwsErrorException.withStatus(
                404, "NotFoundException", "local-cloud does not support " + operation);
    }

    /// The error of version 2 for an error of an operation that both versions share.
    static AwsErrorException ofVersion2(AwsErrorException failure) {
        return failure.code().equals(INVALID)
                ? badRequest(String.valueOf(failure.getMessage()))
                : failure;
    }
}
