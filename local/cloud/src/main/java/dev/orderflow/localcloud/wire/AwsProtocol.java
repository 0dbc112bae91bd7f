package dev.orderflow.localcloud.wire;

/// The protocols of [Smithy](https://smithy.io/2.0/aws/protocols/index.html) that the SDK and the
/// CLI use for the services here.
public enum AwsProtocol {
    /// Form-encoded request, XML answer: SNS, STS, SES v1, older CloudWatch and SQS clients.
    QUERY,
    /// `X-Amz-Target`, JSON both ways: SQS, Step Functions.
    JSON_1_0,
    /// As before with another content type: EventBridge.
    JSON_1_1,
    /// `POST /service/{name}/operation/{op}` with CBOR bodies: newer CloudWatch clients.
    RPC_V2_CBOR,
    /// A path and a method for each operation, JSON bodies: SES v2.
    REST_JSON,
    /// As before with XML: S3.
    REST_XML
}
