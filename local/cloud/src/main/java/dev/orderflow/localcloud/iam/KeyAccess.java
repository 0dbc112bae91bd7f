package dev.orderflow.localcloud.iam;

import dev.orderflow.localcloud.ports.Authorizer.Principal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The use of a KMS key that a call on an encrypted resource implies.
///
/// Sources: the encryption-at-rest pages of the guides of SQS, SNS, S3, EventBridge, Secrets
/// Manager and Step Functions.
///
/// @param caller principal that uses the key
/// @param action KMS action
/// @param keys condition keys of the action
record KeyAccess(Principal caller, String action, Map<String, String> keys) {

    private static final String ENCRYPT = "kms:GenerateDataKey";
    private static final String DECRYPT = "kms:Decrypt";

    static List<KeyAccess> requiredBy(Principal caller, String action, String resource) {
        return switch (action) {
            case "sqs:SendMessage" ->
                    viaService("sqs", "aws:sqs:arn", caller, resource, ENCRYPT, DECRYPT);
            case "sqs:ReceiveMessage" ->
                    viaService("sqs", "aws:sqs:arn", caller, resource, DECRYPT);
            case "sns:Publish" ->
                    viaService("sns", "aws:sns:topicArn", caller, resource, ENCRYPT, DECRYPT);
            case "secretsmanager:GetSecretValue" ->
                    viaService("secretsmanager", "SecretARN", caller, resource, DECRYPT);
            case "s3:PutObject" -> viaService("s3", "aws:s3:arn", caller, resource, ENCRYPT);
            case "s3:GetObject" -> viaService("s3", "aws:s3:arn", caller, resource, DECRYPT);
            // What it returns of an execution or a definition is decrypted for its reader.
            case "states:DescribeExecution",
                    "states:DescribeStateMachine",
                    "states:DescribeStateMachineForExecution",
                    "states:GetExecutionHistory" ->
                    viaService("states", "aws:states:stateMachineArn", caller, resource, DECRYPT);
            // The bus itself uses the key.
            case "events:PutEvents" ->
                    List.of(
                            new KeyAccess(
                                    new Principal.ServicePrincipal(
                                            "events.amazonaws.com", resource),
                                    ENCRYPT,
                                    Map.of(
                                            "kms:EncryptionContext:aws:events:event-bus:arn",
                                            resource)));
            default -> List.of();
        };
    }

    private static List<KeyAccess> viaService(
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
