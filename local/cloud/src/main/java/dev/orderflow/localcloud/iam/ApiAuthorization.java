package dev.orderflow.localcloud.iam;

import dev.orderflow.localcloud.ports.Authorizer.Principal;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.RequestContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Maps an API call to the IAM action, resource and condition keys that the Service Authorization
/// Reference documents, and authorises it.
///
/// Two mappings follow AWS's behaviour instead of the reference: `states:SendTask…` is evaluated on
/// the state machine of the task token, although no resource is documented, and so is
/// `states:InvokeHTTPEndpoint`.
public final class ApiAuthorization {

    /// Actions of SNS that have no resource.
    private static final Set<String> LISTS_OF_SNS = Set.of("ListTopics", "ListSubscriptions");

    /// Resources that a request names otherwise than by their ARN.
    @FunctionalInterface
    public interface Resources {

        /// The ARN of the state machine whose task waits with a token.
        Optional<String> stateMachineOfToken(String token);

        /// The ARN of a connection, which ends in an id that EventBridge gave it.
        default Optional<String> connection(String name) {
            return Optional.empty();
        }

        /// The id of the KMS key that a request names by id, ARN or alias, or by what the key
        /// encrypted.
        default Optional<String> keyOf(JsonNode input) {
            return Optional.empty();
        }
    }

    private final AccessControl accessControl;
    private final Resources resources;

    public ApiAuthorization(AccessControl accessControl, Resources resources) {
        this.accessControl = accessControl;
        this.resources = resources;
    }

    /// Returns normally if the call is allowed.
    ///
    /// @param accessKey access key of the signature, empty when unsigned
    /// @param service signing name of the service
    /// @param input members of the request; for S3 `Bucket`, `Key` and `CopySource`
    /// @throws AwsErrorException with this service's error code if the call is denied
    public void require(
            String accessKey,
            String service,
            String operation,
            JsonNode input,
            RequestContext context) {
        var caller = accessControl.findRole(accessKey).orElse(null);
        if (caller == null) {
            return;
        }
        try {
            require(caller, service, operation, input, context);
        } catch (AwsErrorException denied) {
            throw toServiceError(service, denied);
        }
    }

    private void require(
            Principal caller,
            String service,
            String operation,
            JsonNode in,
            RequestContext context) {
        switch (service) {
            case "sqs" ->
                    accessControl.require(
                            caller,
                            "sqs:" + operation.replaceAll("Batch$", ""),
                            queue(in, context));
            case "sns" ->
                    accessControl.require(
                            caller,
                            "sns:" + operation.replaceAll("Batch$", ""),
                            LISTS_OF_SNS.contains(operation) ? "*" : topic(in));
            case "events" -> requireEvents(caller, operation, in, context);
            case "states" -> requireStates(caller, operation, in);
            case "monitoring" ->
                    accessControl.require(
                            caller,
                            "cloudwatch:" + operation,
                            "*",
                            Map.of("cloudwatch:namespace", in.path("Namespace").asString("")));
            case "ses" -> requireSes(caller, operation, in, context);
            case "kms" -> requireKms(caller, operation, in, context);
            case "s3" -> requireS3(caller, operation, in);
            // GetCallerIdentity needs no permission.
            case "sts" -> {}
            default -> throw unknown(service, operation);
        }
    }

    private void requireEvents(
            Principal caller, String operation, JsonNode in, RequestContext context) {
        switch (operation) {
            case "PutEvents" -> {
                for (var entry : in.path("Entries")) {
                    accessControl.require(
                            caller,
                            "events:PutEvents",
                            bus(entry.path("EventBusName").asString("default"), context),
                            Map.of(
                                    "events:source", entry.path("Source").asString(""),
                                    "events:detail-type", entry.path("DetailType").asString("")));
                }
            }
            case "DescribeEventBus" ->
                    accessControl.require(
                            caller,
                            "events:DescribeEventBus",
                            bus(in.path("Name").asString("default"), context));
            case "DescribeArchive" ->
                    accessControl.require(
                            caller,
                            "events:DescribeArchive",
                            events("archive/" + in.path("ArchiveName").asString(""), context));
            // Not by the bus that the events go to.
            case "StartReplay" ->
                    accessControl.require(
                            caller, "events:StartReplay", in.path("EventSourceArn").asString(""));
            case "DescribeReplay", "CancelReplay" ->
                    accessControl.require(
                            caller,
                            "events:" + operation,
                            events("replay/" + in.path("ReplayName").asString(""), context));
            case "DescribeConnection" -> {
                var name = in.path("Name").asString("");
                accessControl.require(
                        caller,
                        "events:DescribeConnection",
                        resources
                                .connection(name)
                                .orElseGet(() -> events("connection/" + name, context)));
            }
            default -> throw unknown("events", operation);
        }
    }

    private static String events(String resource, RequestContext context) {
        return "arn:aws:events:%s:%s:%s".formatted(context.region(), context.accountId(), resource);
    }

    private void requireStates(Principal caller, String operation, JsonNode in) {
        var action = "states:" + operation;
        switch (operation) {
            case "StartExecution", "ListExecutions", "DescribeStateMachine" -> {
                var arn = in.path("stateMachineArn").asString("");
                accessControl.require(caller, action, removeQualifier(arn), qualifier(arn));
            }
            case "DescribeExecution",
                    "GetExecutionHistory",
                    "RedriveExecution",
                    "StopExecution",
                    "DescribeStateMachineForExecution" ->
                    accessControl.require(caller, action, in.path("executionArn").asString(""));
            case "SendTaskSuccess", "SendTaskFailure", "SendTaskHeartbeat" ->
                    resources
                            .stateMachineOfToken(in.path("taskToken").asString(""))
                            .ifPresent(
                                    machine ->
                                            accessControl.require(
                                                    caller, action, removeQualifier(machine)));
            default -> throw unknown("states", operation);
        }
    }

    /// Versions and aliases are authorised by the ARN of the state machine; the qualifier is a
    /// condition key.
    private static String removeQualifier(String stateMachineArn) {
        var parts = stateMachineArn.split(":", -1);
        return parts.length > 7
                ? stateMachineArn.substring(0, stateMachineArn.lastIndexOf(':'))
                : stateMachineArn;
    }

    private static Map<String, String> qualifier(String stateMachineArn) {
        var parts = stateMachineArn.split(":", -1);
        return parts.length > 7 ? Map.of("states:StateMachineQualifier", parts[7]) : Map.of();
    }

    private void requireSes(
            Principal caller, String operation, JsonNode in, RequestContext context) {
        var from =
                in.path("FromEmailAddress")
                        .asString(in.path("Source").asString(""))
                        .replaceAll(".*<(.*)>", "$1");
        var identity =
                "arn:aws:ses:%s:%s:identity/%s"
                        .formatted(
                                context.region(),
                                context.accountId(),
                                from.substring(from.lastIndexOf('@') + 1));
        switch (operation) {
            case "POST /outbound-emails", "SendEmail", "SendRawEmail" ->
                    accessControl.require(
                            caller,
                            in.path("Content").has("Raw") || operation.equals("SendRawEmail")
                                    ? "ses:SendRawEmail"
                                    : "ses:SendEmail",
                            identity,
                            Map.of("ses:FromAddress", from));
            case String get when get.startsWith("GET /identities/") ->
                    accessControl.require(
                            caller,
                            "ses:GetEmailIdentity",
                            "arn:aws:ses:%s:%s:identity/%s"
                                    .formatted(
                                            context.region(),
                                            context.accountId(),
                                            URLDecoder.decode(
                                                    get.substring("GET /identities/".length()),
                                                    StandardCharsets.UTF_8)));
            default -> throw unknown("ses", operation);
        }
    }

    private void requireKms(
            Principal caller, String operation, JsonNode in, RequestContext context) {
        var keys = new HashMap<String, String>();
        in.path("EncryptionContext")
                .properties()
                .forEach(
                        pair ->
                                keys.put(
                                        "kms:EncryptionContext:" + pair.getKey(),
                                        pair.getValue().asString("")));
        if (Set.of("CreateKey", "ListKeys", "ListAliases").contains(operation)) {
            accessControl.require(caller, "kms:" + operation, "*", keys);
            return;
        }
        // Whatever names it, it is authorised by the key's own ARN.
        var key =
                resources
                        .keyOf(in)
                        .map(
                                id ->
                                        "arn:aws:kms:%s:%s:key/%s"
                                                .formatted(
                                                        context.region(), context.accountId(), id))
                        .orElseGet(() -> in.path("KeyId").asString(""));
        accessControl.require(caller, "kms:" + operation, key, keys);
    }

    /// S3 actions are not named like the operations ("Required permissions for Amazon S3 API
    /// operations" in its guide).
    private void requireS3(Principal caller, String operation, JsonNode in) {
        var bucket = "arn:aws:s3:::" + in.path("Bucket").asString("");
        var key = in.path("Key").asString("");
        var object = bucket + "/" + key;
        switch (operation) {
            case "ListBuckets" -> accessControl.require(caller, "s3:ListAllMyBuckets", "*");
            case "HeadBucket", "ListObjects", "ListObjectsV2" ->
                    accessControl.require(caller, "s3:ListBucket", bucket);
            case "ListObjectVersions" ->
                    accessControl.require(caller, "s3:ListBucketVersions", bucket);
            case "ListMultipartUploads" ->
                    accessControl.require(caller, "s3:ListBucketMultipartUploads", bucket);
            case "GetObject", "HeadObject" -> accessControl.require(caller, "s3:GetObject", object);
            case "PutObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload" ->
                    accessControl.require(caller, "s3:PutObject", object);
            case "CopyObject", "UploadPartCopy" -> {
                accessControl.require(
                        caller,
                        "s3:GetObject",
                        "arn:aws:s3:::" + in.path("CopySource").asString(""));
                accessControl.require(caller, "s3:PutObject", object);
            }
            case "ListParts" ->
                    accessControl.require(caller, "s3:ListMultipartUploadParts", object);
            // The object keys are in the body, so all objects of the bucket must be allowed.
            case "DeleteObjects" -> accessControl.require(caller, "s3:DeleteObject", bucket + "/*");
            case "DeleteObject",
                    "AbortMultipartUpload",
                    "GetObjectTagging",
                    "PutObjectTagging",
                    "DeleteObjectTagging",
                    "GetObjectAcl",
                    "PutObjectAcl" ->
                    accessControl.require(caller, "s3:" + operation, object);
            case String other when key.isEmpty() && other.matches("[A-Za-z]+") ->
                    accessControl.require(caller, "s3:" + actionOfBucket(other), bucket);
            default -> throw unknown("s3", operation);
        }
    }

    private static String actionOfBucket(String operation) {
        var action =
                operation.startsWith("Delete")
                                && !operation.equals("DeleteBucket")
                                && !operation.equals("DeleteBucketPolicy")
                                && !operation.equals("DeleteBucketWebsite")
                        ? "Put" + operation.substring("Delete".length())
                        : operation;
        return switch (action.replaceFirst("^(Get|Put)", "")) {
            case "BucketEncryption" ->
                    action.replace("BucketEncryption", "EncryptionConfiguration");
            case "BucketReplication" ->
                    action.replace("BucketReplication", "ReplicationConfiguration");
            case "BucketLifecycleConfiguration" -> action.replace("Bucket", "");
            case "BucketAccelerateConfiguration" -> action.replace("Bucket", "");
            case "BucketNotificationConfiguration" -> action.replace("Configuration", "");
            case "BucketCors" -> action.replace("Cors", "CORS");
            case "PublicAccessBlock" ->
                    action.replace("PublicAccessBlock", "BucketPublicAccessBlock");
            case "ObjectLockConfiguration" -> action.replace("Object", "BucketObject");
            default -> action;
        };
    }

    private static String queue(JsonNode in, RequestContext context) {
        var url = in.path("QueueUrl").asString(in.path("QueueName").asString(""));
        return "arn:aws:sqs:%s:%s:%s"
                .formatted(
                        context.region(),
                        context.accountId(),
                        url.substring(url.lastIndexOf('/') + 1));
    }

    private static String topic(JsonNode in) {
        return in.path("TopicArn").asString(in.path("TargetArn").asString(""));
    }

    private static String bus(String nameOrArn, RequestContext context) {
        return nameOrArn.startsWith("arn:")
                ? nameOrArn
                : "arn:aws:events:%s:%s:event-bus/%s"
                        .formatted(context.region(), context.accountId(), nameOrArn);
    }

    private static AwsErrorException unknown(String service, String operation) {
        return AwsErrorException.client(
                "AccessDeniedException",
                "local-cloud has no IAM mapping for %s:%s; add it to ApiAuthorization"
                        .formatted(service, operation));
    }

    /// Each service has its own error code and status for a denial.
    private static AwsErrorException toServiceError(String service, AwsErrorException denied) {
        var message = String.valueOf(denied.getMessage());
        return switch (service) {
            case "sns" -> AwsErrorException.withStatus(403, "AuthorizationError", message);
            case "s3", "monitoring" -> AwsErrorException.withStatus(403, "AccessDenied", message);
            case "ses" -> AwsErrorException.withStatus(403, "AccessDeniedException", message);
            default -> denied;
        };
    }
}
