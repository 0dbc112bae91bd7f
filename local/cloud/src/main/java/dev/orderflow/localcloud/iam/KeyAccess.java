package dev.orderflow.localcloud.iam;

import dev.orderflow.localcloud.ports.Authorizer.Principal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A use of a key that a call on something encrypted brings with it.
///
/// Sources are the pages on encryption at rest in the guides of SQS, SNS, S3, EventBridge,
/// Secrets Manager and Step Functions.
///
/// @param caller who uses the key
/// @param action of KMS
/// @param keys condition keys of that action
record KeyAccess(Principal caller, String action, Map<String, String> keys) {

    private static final String ENCRYPT = "kms:GenerateDataKey";
    private static final String DECRYPT = "kms:Decrypt";

    static List<KeyAccess> by(Principal caller, String action, String resource) {
        return switch (action) {
            case "sqs:SendMessage" -> via("sqs", "aws:sqs:arn", caller, resource, ENCRYPT, DECRYPT);
            case "sqs:ReceiveMessage" -> via("sqs", "aws:sqs:arn", caller, resource, DECRYPT);
            case "sns:Publish" ->
                    via("sns", "aws:sns:topicArn", caller, resource, ENCRYPT, DECRYPT);
            case "secretsmanager:GetSecretValue" ->
                    via("secretsmanager", "SecretARN", caller, resource, DECRYPT);
            case "s3:PutObject" -> via("s3", "aws:s3:arn", caller, resource, ENCRYPT);
            case "s3:GetObject" -> via("s3", "aws:s3:arn", caller, resource, DECRYPT);
            // The bus encrypts on its own behalf.
            case "events:PutEvents" ->
                    List.of(
                            new KeyAccess(
                                    new Principal.Service("events.amazonaws.com", resource),
                                    ENCRYPT,
                                    Map.of(
                                            "kms:EncryptionContext:aws:events:event-bus:arn",
                                            resource)));
            default -> List.of();
        };
    }

    private static List<KeyAccess> via(
            String service, String context, Principal caller, String resource, String... actions) {
        var region = resource.split(":", 6)[3];
        var keys =
                Map.of(
                        "kms:ViaService",
                        "%s.%s.amazonaws.com"
                                .formatted(service, region.isEmpty() ? "us-east-1" : region),
                        "kms:EncryptionContext:" + context,
                        resource);
        return Stream.of(actions).map(action -> new KeyAccess(caller, action, keys)).toList();
    }
}
