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

        /// The address that a call sends mail from; empty if it names none.
        default Optional<String> senderOf(JsonNode input) {
            return Optional.empty();
        }

        /// The name of the verified identity by which an address may send mail: of the address
        /// or of a domain.
        default String identityOf(String address) {
            return address.substring(address.lastIndexOf('@') + 1);
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
            require(new Call(accessControl, caller, context), service, operation, input);
        } catch (AwsErrorException denied) {
            throw toServiceError(service, denied);
        }
    }

    /// @param caller principal that makes the call
    /// @param context request context, for its region
    private record Call(AccessControl accessControl, Principal caller, RequestContext context) {

        void require(String action, String resource) {
            require(action, resource, Map.of());
        }

        void require(String action, String resource, Map<String, String> keys) {
            accessControl.require(caller, action, resource, withRegion(keys));
        }

        /// For a call that decrypts nothing of its resource.
        void requireWithoutKey(String action, String resource, Map<String, String> keys) {
            accessControl.requireWithoutKey(caller, action, resource, withRegion(keys));
        }

        /// Adds the region that the request was signed for, which ARNs of S3 do not contain.
        private Map<String, String> withRegion(Map<String, String> keys) {
            var all = new HashMap<>(keys);
            all.put("aws:RequestedRegion", context.region());
            return all;
        }
    }

    private void require(Call call, String service, String operation, JsonNode in) {
        switch (service) {
            case "sqs" ->
                    call.require(
                            "sqs:" + operation.replaceAll("Batch$", ""), queue(in, call.context()));
            case "sns" ->
                    call.require(
                            "sns:" + operation.replaceAll("Batch$", ""),
                            LISTS_OF_SNS.contains(operation) ? "*" : topic(in));
            case "events" -> requireEvents(call, operation, in);
            case "states" -> requireStates(call, operation, in);
            case "monitoring" ->
                    call.require(
                            "cloudwatch:" + operation,
                            "*",
                            Map.of("cloudwatch:namespace", in.path("Namespace").asString("")));
            case "ses" -> requireSes(call, operation, in);
            case "kms" -> requireKms(call, operation, in);
            case "s3" -> requireS3(call, operation, in);
            // GetCallerIdentity needs no permission.
            case "sts" -> {}
            default -> throw unknown(service, operation);
        }
    }

    private void requireEvents(Call call, String operation, JsonNode in) {
        switch (operation) {
            case "PutEvents" -> {
                for (var entry : in.path("Entries")) {
                    call.require(
                            "events:PutEvents",
                            bus(entry.path("EventBusName").asString("default"), call.context()),
                            Map.of(
                                    "events:source", entry.path("Source").asString(""),
                                    "events:detail-type", entry.path("DetailType").asString("")));
                }
            }
            case "DescribeEventBus" ->
                    call.require(
                            "events:DescribeEventBus",
                            bus(in.path("Name").asString("default"), call.context()));
            case "DescribeArchive" ->
                    call.require(
                            "events:DescribeArchive",
                            events(
                                    "archive/" + in.path("ArchiveName").asString(""),
                                    call.context()));
            // Not by the bus that the events go to.
            case "StartReplay" ->
                    call.require("events:StartReplay", in.path("EventSourceArn").asString(""));
            case "DescribeReplay", "CancelReplay" ->
                    call.require(
                            "events:" + operation,
                            events("replay/" + in.path("ReplayName").asString(""), call.context()));
            case "DescribeConnection" -> {
                var name = in.path("Name").asString("");
                call.require(
                        "events:DescribeConnection",
                        resources
                                .connection(name)
                                .orElseGet(() -> events("connection/" + name, call.context())));
            }
            default -> throw unknown("events", operation);
        }
    }

    private static String events(String resource, RequestContext context) {
        return "arn:aws:events:%s:%s:%s".formatted(context.region(), context.accountId(), resource);
    }

    private void requireStates(Call call, String operation, JsonNode in) {
        var action = "states:" + operation;
        switch (operation) {
            case "StartExecution", "ListExecutions" -> {
                var arn = in.path("stateMachineArn").asString("");
                call.require(action, removeQualifier(arn), qualifier(arn));
            }
            case "DescribeStateMachine" -> {
                var arn = in.path("stateMachineArn").asString("");
                describe(call, action, removeQualifier(arn), qualifier(arn), in);
            }
            case "DescribeExecution", "DescribeStateMachineForExecution" ->
                    describe(call, action, in.path("executionArn").asString(""), Map.of(), in);
            case "GetExecutionHistory", "RedriveExecution", "StopExecution" ->
                    call.require(action, in.path("executionArn").asString(""));
            case "SendTaskSuccess", "SendTaskFailure", "SendTaskHeartbeat" ->
                    resources
                            .stateMachineOfToken(in.path("taskToken").asString(""))
                            .ifPresent(machine -> call.require(action, removeQualifier(machine)));
            default -> throw unknown("states", operation);
        }
    }

    /// Metadata is not encrypted (API reference of Step Functions, the member `includedData`).
    private static void describe(
            Call call, String action, String resource, Map<String, String> keys, JsonNode in) {
        if (in.path("includedData").asString("").equals("METADATA_ONLY")) {
            call.requireWithoutKey(action, resource, keys);
        } else {
            call.require(action, resource, keys);
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

    private void requireSes(Call call, String operation, JsonNode in) {
        switch (operation) {
            case "POST /outbound-emails", "SendEmail", "SendRawEmail" ->
                    // SES refuses a message without a sender.
                    resources
                            .senderOf(in)
                            .ifPresent(
                                    from ->
                                            call.require(
                                                    in.path("Content").has("Raw")
                                                                    || operation.equals(
                                                                            "SendRawEmail")
                                                            ? "ses:SendRawEmail"
                                                            : "ses:SendEmail",
                                                    identity(call, resources.identityOf(from)),
                                                    Map.of("ses:FromAddress", from)));
            case String get when get.startsWith("GET /identities/") ->
                    call.require(
                            "ses:GetEmailIdentity",
                            identity(
                                    call,
                                    URLDecoder.decode(
                                            get.substring("GET /identities/".length()),
                                            StandardCharsets.UTF_8)));
            default -> throw unknown("ses", operation);
        }
    }

    private static String identity(Call call, String name) {
        return "arn:aws:ses:%s:%s:identity/%s"
                .formatted(call.context().region(), call.context().accountId(), name);
    }

    private void requireKms(Call call, String operation, JsonNode in) {
        var keys = new HashMap<String, String>();
        in.path("EncryptionContext")
                .properties()
                .forEach(
                        pair ->
                                keys.put(
                                        "kms:EncryptionContext:" + pair.getKey(),
                                        pair.getValue().asString("")));
        if (Set.of("CreateKey", "ListKeys", "ListAliases").contains(operation)) {
            call.require("kms:" + operation, "*", keys);
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
                                                        call.context().region(),
                                                        call.context().accountId(),
                                                        id))
                        .orElseGet(() -> in.path("KeyId").asString(""));
        call.require("kms:" + operation, key, keys);
    }

    /// S3 actions are not named like the operations ("Required permissions for Amazon S3 API
    /// operations" in its guide).
    private void requireS3(Call call, String operation, JsonNode in) {
        var bucket = "arn:aws:s3:::" + in.path("Bucket").asString("");
        var key = in.path("Key").asString("");
        var object = bucket + "/" + key;
        switch (operation) {
            case "ListBuckets" -> call.require("s3:ListAllMyBuckets", "*");
            case "HeadBucket", "ListObjects", "ListObjectsV2" ->
                    call.require("s3:ListBucket", bucket);
            case "ListObjectVersions" -> call.require("s3:ListBucketVersions", bucket);
            case "ListMultipartUploads" -> call.require("s3:ListBucketMultipartUploads", bucket);
            case "GetObject", "HeadObject" -> call.require("s3:GetObject", object);
            case "GetObjectAttributes" -> {
                call.require("s3:GetObject", object);
                call.require("s3:GetObjectAttributes", object);
            }
            case "PutObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload" ->
                    call.require("s3:PutObject", object);
            case "CopyObject", "UploadPartCopy" -> {
                call.require("s3:GetObject", "arn:aws:s3:::" + in.path("CopySource").asString(""));
                call.require("s3:PutObject", object);
            }
            case "ListParts" -> call.require("s3:ListMultipartUploadParts", object);
            // The object keys are in the body, so all objects of the bucket must be allowed.
            case "DeleteObjects" -> call.require("s3:DeleteObject", bucket + "/*");
            case "DeleteObject",
                    "AbortMultipartUpload",
                    "GetObjectTagging",
                    "PutObjectTagging",
                    "DeleteObjectTagging",
                    "GetObjectAcl",
                    "PutObjectAcl" ->
                    call.require("s3:" + operation, object);
            case String other when key.isEmpty() && other.matches("[A-Za-z]+") ->
                    call.require("s3:" + actionOfBucket(other), bucket);
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
