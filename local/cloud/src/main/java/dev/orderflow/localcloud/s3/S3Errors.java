package dev.orderflow.localcloud.s3;

import dev.orderflow.localcloud.wire.AwsError;

/// The refusals of S3 ([error
/// responses](https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html)).
final class S3Errors {

    private S3Errors() {}

    /// AWS has it and it would make a difference, the local cloud has not.
    static AwsError notImplemented(String what) {
        return AwsError.withStatus(501, "NotImplemented", "local-cloud does not support " + what);
    }

    static AwsError invalidArgument(String message) {
        return AwsError.client("InvalidArgument", message);
    }

    static AwsError invalidRequest(String message) {
        return AwsError.client("InvalidRequest", message);
    }

    static AwsError notFound(String code, String message) {
        return AwsError.withStatus(404, code, message);
    }

    static AwsError noSuchBucket() {
        return notFound("NoSuchBucket", "The specified bucket does not exist");
    }

    static AwsError noSuchKey() {
        return notFound("NoSuchKey", "The specified key does not exist.");
    }

    static AwsError noSuchUpload() {
        return notFound(
                "NoSuchUpload",
                "The specified upload does not exist. The upload ID may be invalid, or the upload"
                        + " may have been aborted or completed.");
    }

    static AwsError preconditionFailed() {
        return AwsError.withStatus(
                412,
                "PreconditionFailed",
                "At least one of the pre-conditions you specified did not hold");
    }

    static AwsError malformedXml() {
        return AwsError.client(
                "MalformedXML",
                "The XML you provided was not well-formed or did not validate against our"
                        + " published schema");
    }

    static AwsError aclsDisabled() {
        return AwsError.client("AccessControlListNotSupported", "The bucket does not allow ACLs");
    }
}
