package dev.orderflow.localcloud.wire;

/// The [Smithy](https://smithy.io/2.0/aws/protocols/index.html) protocols that the SDK and the CLI
/// use for these services.
public enum AwsProtocol {
    /// Form-encoded request, XML response: SNS, STS, SES v1, older CloudWatch and SQS clients.
    QUERY,
    /// `X-Amz-Target`, JSON request and response: SQS, Step Functions.
    JSON_1_0,
    /// Same as JSON_1_0 with another content type: EventBridge.
    JSON_1_1,
    /// `POST /service/{name}/operation/{op}` with CBOR bodies: newer CloudWatch clients.
    RPC_V2_CBOR,
    /// A path and a method for each operation, JSON bodies: SES v2.
    REST_JSON,
    /// Same as REST_JSON with XML: S3.
    REST_XML
}
