package dev.orderflow.localcloud.s3;

import dev.orderflow.localcloud.wire.AwsErrorException;

/// S3's [error responses](https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
final class S3Errors {

    private S3Errors() {}

    /// A feature of AWS with an effect that the local cloud does not support.
    static AwsErrorException notImplemented(String what) {
        return AwsErrorException.withStatus(
                501, "NotImplemented", "local-cloud does not support " + what);
    }

    static AwsErrorException invalidArgument(String message) {
        return AwsErrorException.client("InvalidArgument", message);
    }

    static AwsErrorException invalidRequest(String message) {
        return AwsErrorException.client("InvalidRequest", message);
    }

    static AwsErrorException notFound(String code, String message) {
        return AwsErrorException.withStatus(404, code, message);
    }

    static AwsErrorException noSuchBucket() {
        return notFound("NoSuchBucket", "The specified bucket does not exist");
    }

    static AwsErrorException noSuchKey() {
        return notFound("NoSuchKey", "The specified key does not exist.");
    }

    static AwsErrorException noSuchUpload() {
        return notFound(
                "NoSuchUpload",
                "The specified upload does not exist. The upload ID may be invalid, or the upload"
                        + " may have been aborted or completed.");
    }

    static AwsErrorException methodNotAllowed() {
        return AwsErrorException.withStatus(
                405,
                "MethodNotAllowed",
                "The specified method is not allowed against this resource.");
    }

    static AwsErrorException preconditionFailed() {
        return AwsErrorException.withStatus(
                412,
                "PreconditionFailed",
                "At least one of the pre-conditions you specified did not hold");
    }

    static AwsErrorException malformedXml() {
        return AwsErrorException.client(
                "MalformedXML",
                "The XML you provided was not well-formed or did not validate against our"
                        + " published schema");
    }

    static AwsErrorException aclsDisabled() {
        return AwsErrorException.client(
                "AccessControlListNotSupported", "The bucket does not allow ACLs");
    }
}
