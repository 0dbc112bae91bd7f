package dev.orderflow.localcloud.s3;

import dev.orderflow.localcloud.wire.AwsErrorException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/// The settings of a bucket, each a subresource with its own document.
///
/// A new bucket has AWS's defaults: no ACLs, no public access, encryption with S3's own key. A
/// value without effect here is stored and returned; a value that would have an effect is rejected
/// by name. Tags and lifecycle rules are implemented and therefore not listed here.
enum BucketSetting {
    ACCELERATE(
            "accelerate",
            "BucketAccelerateConfiguration",
            "AccelerateConfiguration",
            AbsentSetting.document("<AccelerateConfiguration/>"),
            Set.of("Status")),
    ANALYTICS("analytics", "BucketAnalyticsConfiguration"),
    CORS(
            "cors",
            "BucketCors",
            AbsentSetting.error(
                    "NoSuchCORSConfiguration", "The CORS configuration does not exist")),
    ENCRYPTION(
            "encryption",
            "BucketEncryption",
            "ServerSideEncryptionConfiguration",
            AbsentSetting.document(
                    "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>"
                            + "<SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault>"
                            + "<BucketKeyEnabled>false</BucketKeyEnabled></Rule>"
                            + "</ServerSideEncryptionConfiguration>"),
            Set.of(
                    "Rule",
                    "ApplyServerSideEncryptionByDefault",
                    "SSEAlgorithm=AES256",
                    "BucketKeyEnabled",
                    "BlockedEncryptionTypes",
                    "EncryptionType")),
    INTELLIGENT_TIERING("intelligent-tiering", "BucketIntelligentTieringConfiguration"),
    INVENTORY("inventory", "BucketInventoryConfiguration"),
    LOCATION("location", "BucketLocation"),
    LOGGING(
            "logging",
            "BucketLogging",
            "BucketLoggingStatus",
            AbsentSetting.document("<BucketLoggingStatus/>"),
            Set.of()),
    METRICS("metrics", "BucketMetricsConfiguration"),
    NOTIFICATION(
            "notification",
            "BucketNotificationConfiguration",
            "NotificationConfiguration",
            AbsentSetting.document("<NotificationConfiguration/>"),
            Set.of()),
    OBJECT_LOCK(
            "object-lock",
            "ObjectLockConfiguration",
            AbsentSetting.error(
                    "ObjectLockConfigurationNotFoundError",
                    "Object Lock configuration does not exist for this bucket")),
    OWNERSHIP(
            "ownershipControls",
            "BucketOwnershipControls",
            "OwnershipControls",
            AbsentSetting.document(
                    "<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced"
                            + "</ObjectOwnership></Rule></OwnershipControls>"),
            Set.of("Rule", "ObjectOwnership=BucketOwnerEnforced")),
    POLICY(
            "policy",
            "BucketPolicy",
            AbsentSetting.error("NoSuchBucketPolicy", "The bucket policy does not exist")),
    POLICY_STATUS("policyStatus", "BucketPolicyStatus"),
    PUBLIC_ACCESS(
            "publicAccessBlock",
            "PublicAccessBlock",
            "PublicAccessBlockConfiguration",
            AbsentSetting.document(
                    "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls>"
                            + "<IgnorePublicAcls>true</IgnorePublicAcls>"
                            + "<BlockPublicPolicy>true</BlockPublicPolicy>"
                            + "<RestrictPublicBuckets>true</RestrictPublicBuckets>"
                            + "</PublicAccessBlockConfiguration>"),
            Set.of(
                    "BlockPublicAcls",
                    "IgnorePublicAcls",
                    "BlockPublicPolicy",
                    "RestrictPublicBuckets")),
    REPLICATION(
            "replication",
            "BucketReplication",
            AbsentSetting.error(
                    "ReplicationConfigurationNotFoundError",
                    "The replication configuration was not found")),
    REQUEST_PAYMENT(
            "requestPayment",
            "BucketRequestPayment",
            "RequestPaymentConfiguration",
            AbsentSetting.document(
                    "<RequestPaymentConfiguration><Payer>BucketOwner</Payer>"
                            + "</RequestPaymentConfiguration>"),
            Set.of("Payer=BucketOwner")),
    VERSIONING(
            "versioning", "BucketVersioning", AbsentSetting.document("<VersioningConfiguration/>")),
    WEBSITE(
            "website",
            "BucketWebsite",
            AbsentSetting.error(
                    "NoSuchWebsiteConfiguration",
                    "The specified bucket does not have a website configuration")),
    ACL("acl", "BucketAcl"),
    LIFECYCLE("lifecycle", "BucketLifecycleConfiguration"),
    TAGGING("tagging", "BucketTagging");

    private static final Set<String> BOOLEANS = Set.of("true", "false", "TRUE", "FALSE");

    /// The values of AWS for the elements that have an enumeration.
    private static final Map<String, Set<String>> VALUES =
            Map.of(
                    "Status", Set.of("Enabled", "Suspended"),
                    "SSEAlgorithm", Set.of("AES256", "aws:kms", "aws:kms:dsse"),
                    "BucketKeyEnabled", BOOLEANS,
                    "ObjectOwnership",
                            Set.of("BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"),
                    "BlockPublicAcls", BOOLEANS,
                    "IgnorePublicAcls", BOOLEANS,
                    "BlockPublicPolicy", BOOLEANS,
                    "RestrictPublicBuckets", BOOLEANS,
                    "Payer", Set.of("BucketOwner", "Requester"));

    final String parameter;

    /// The part of the operation names after `Get`, `Put` and `Delete`.
    final String operation;

    private final @Nullable String root;
    private final @Nullable AbsentSetting absent;

    /// The supported elements of the document; `Name=value` for an element with one supported
    /// value.
    private final Set<String> supportedElements;

    BucketSetting(String parameter, String operation) {
        this(parameter, operation, null, null, Set.of());
    }

    BucketSetting(String parameter, String operation, AbsentSetting absent) {
        this(parameter, operation, null, absent, Set.of());
    }

    BucketSetting(
            String parameter,
            String operation,
            @Nullable String root,
            @Nullable AbsentSetting absent,
            Set<String> kept) {
        this.parameter = parameter;
        this.operation = operation;
        this.root = root;
        this.absent = absent;
        this.supportedElements = kept;
    }

    static Optional<BucketSetting> of(String parameter) {
        return Arrays.stream(values()).filter(it -> it.parameter.equals(parameter)).findFirst();
    }

    /// The response for a bucket that never had the setting.
    byte[] absentDocument() {
        if (absent == null) {
            throw S3Errors.notImplemented("Get" + operation);
        }
        return absent.document();
    }

    /// The response after deletion: AWS's defaults apply to new buckets only.
    byte[] deletedDocument() {
        return switch (this) {
            case OWNERSHIP ->
                    throw S3Errors.notFound(
                            "OwnershipControlsNotFoundError",
                            "The bucket ownership controls were not found");
            case PUBLIC_ACCESS ->
                    throw S3Errors.notFound(
                            "NoSuchPublicAccessBlockConfiguration",
                            "The public access block configuration was not found");
            default -> absentDocument();
        };
    }

    /// Whether the API has an operation that deletes the setting.
    boolean isDeletable() {
        return switch (this) {
            case ACCELERATE,
                    ACL,
                    LOCATION,
                    LOGGING,
                    NOTIFICATION,
                    OBJECT_LOCK,
                    POLICY_STATUS,
                    REQUEST_PAYMENT,
                    VERSIONING ->
                    false;
            case ANALYTICS,
                    CORS,
                    ENCRYPTION,
                    INTELLIGENT_TIERING,
                    INVENTORY,
                    LIFECYCLE,
                    METRICS,
                    OWNERSHIP,
                    POLICY,
                    PUBLIC_ACCESS,
                    REPLICATION,
                    TAGGING,
                    WEBSITE ->
                    true;
        };
    }

    /// Validates a document to be stored; a policy is validated by [BucketPolicy].
    ///
    /// @throws AwsErrorException `NotImplemented` with the unsupported element
    byte[] read(byte[] body) {
        if (root == null) {
            throw S3Errors.notImplemented("Put" + operation);
        }
        requireSupported(S3Xml.root(body, root));
        return body;
    }

    private void requireSupported(Element parent) {
        for (var child : S3Xml.children(parent)) {
            var name = child.getLocalName();
            var value = child.getTextContent().strip();
            var values = VALUES.get(name);
            if (values != null && !values.contains(value)) {
                throw S3Errors.malformedXml();
            }
            if (!supportedElements.contains(name)
                    && !supportedElements.contains(name + "=" + value)) {
                boolean known =
                        supportedElements.stream().anyMatch(it -> it.startsWith(name + "="));
                throw S3Errors.notImplemented(
                        "%s%s in Put%s".formatted(name, known ? " " + value : "", operation));
            }
            requireSupported(child);
        }
    }

    /// The response of a bucket without this setting.
    private interface AbsentSetting {
        byte[] document();

        static AbsentSetting document(String xml) {
            var bytes = xml.getBytes(StandardCharsets.UTF_8);
            return () -> bytes;
        }

        static AbsentSetting error(String code, String message) {
            return () -> {
                throw S3Errors.notFound(code, message);
            };
        }
    }
}
