package dev.orderflow.localcloud.s3;

import dev.orderflow.localcloud.wire.AwsErrorException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// The
/// [actions](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html)
/// that a bucket policy can name, by the kind of resource they apply to.
final class BucketPolicyActions {

    private static final Set<String> OF_BUCKETS =
            Set.of(
                    "AllowVendedLogDeliveryForResource",
                    "CreateBucket",
                    "CreateBucketMetadataTableConfiguration",
                    "DeleteBucket",
                    "DeleteBucketMetadataTableConfiguration",
                    "DeleteBucketPolicy",
                    "DeleteBucketWebsite",
                    "GetAccelerateConfiguration",
                    "GetAnalyticsConfiguration",
                    "GetBucketAbac",
                    "GetBucketAcl",
                    "GetBucketCORS",
                    "GetBucketLocation",
                    "GetBucketLogging",
                    "GetBucketMetadataTableConfiguration",
                    "GetBucketNotification",
                    "GetBucketObjectLockConfiguration",
                    "GetBucketOwnershipControls",
                    "GetBucketPolicy",
                    "GetBucketPolicyStatus",
                    "GetBucketPublicAccessBlock",
                    "GetBucketRequestPayment",
                    "GetBucketTagging",
                    "GetBucketVersioning",
                    "GetBucketWebsite",
                    "GetEncryptionConfiguration",
                    "GetIntelligentTieringConfiguration",
                    "GetInventoryConfiguration",
                    "GetLifecycleConfiguration",
                    "GetMetricsConfiguration",
                    "GetReplicationConfiguration",
                    "ListBucket",
                    "ListBucketMultipartUploads",
                    "ListBucketVersions",
                    "ListTagsForResource",
                    "PauseReplication",
                    "PutAccelerateConfiguration",
                    "PutAnalyticsConfiguration",
                    "PutBucketAbac",
                    "PutBucketAcl",
                    "PutBucketCORS",
                    "PutBucketLogging",
                    "PutBucketNotification",
                    "PutBucketObjectLockConfiguration",
                    "PutBucketOwnershipControls",
                    "PutBucketPolicy",
                    "PutBucketPublicAccessBlock",
                    "PutBucketRequestPayment",
                    "PutBucketTagging",
                    "PutBucketVersioning",
                    "PutBucketWebsite",
                    "PutEncryptionConfiguration",
                    "PutIntelligentTieringConfiguration",
                    "PutInventoryConfiguration",
                    "PutLifecycleConfiguration",
                    "PutMetricsConfiguration",
                    "PutReplicationConfiguration",
                    "TagResource",
                    "UntagResource",
                    "UpdateBucketMetadataAnnotationTableConfiguration",
                    "UpdateBucketMetadataInventoryTableConfiguration",
                    "UpdateBucketMetadataJournalTableConfiguration");

    private static final Set<String> OF_OBJECTS =
            Set.of(
                    "AbortMultipartUpload",
                    "BypassGovernanceRetention",
                    "DeleteObject",
                    "DeleteObjectAnnotation",
                    "DeleteObjectTagging",
                    "DeleteObjectVersion",
                    "DeleteObjectVersionAnnotation",
                    "DeleteObjectVersionTagging",
                    "GetObject",
                    "GetObjectAcl",
                    "GetObjectAnnotation",
                    "GetObjectAttributes",
                    "GetObjectLegalHold",
                    "GetObjectRetention",
                    "GetObjectTagging",
                    "GetObjectTorrent",
                    "GetObjectVersion",
                    "GetObjectVersionAcl",
                    "GetObjectVersionAnnotation",
                    "GetObjectVersionAnnotationForReplication",
                    "GetObjectVersionAttributes",
                    "GetObjectVersionForReplication",
                    "GetObjectVersionTagging",
                    "GetObjectVersionTorrent",
                    "InitiateReplication",
                    "ListMultipartUploadParts",
                    "ListObjectAnnotations",
                    "ListObjectVersionAnnotations",
                    "ObjectOwnerOverrideToBucketOwner",
                    "PutObject",
                    "PutObjectAcl",
                    "PutObjectAnnotation",
                    "PutObjectLegalHold",
                    "PutObjectRetention",
                    "PutObjectTagging",
                    "PutObjectVersionAcl",
                    "PutObjectVersionAnnotation",
                    "PutObjectVersionTagging",
                    "ReplicateDelete",
                    "ReplicateObject",
                    "ReplicateObjectAnnotation",
                    "ReplicateTags",
                    "RestoreObject",
                    "UpdateObjectEncryption");

    private BucketPolicyActions() {}

    /// Whether an action of a policy applies to a bucket.
    static boolean applyToBucket(String action) {
        return matches(action, OF_BUCKETS);
    }

    /// Whether an action of a policy applies to objects.
    static boolean applyToObjects(String action) {
        return matches(action, OF_OBJECTS);
    }

    /// @throws AwsErrorException if it is no action of buckets or objects
    static void require(String action) {
        if (!applyToBucket(action) && !applyToObjects(action)) {
            throw BucketPolicy.malformed("Policy has invalid action");
        }
    }

    /// Action names ignore case and may contain the wildcards `*` and `?`.
    private static boolean matches(String action, Set<String> names) {
        var lower = action.toLowerCase(Locale.ROOT);
        if (lower.equals("*")) {
            return true;
        }
        if (!lower.startsWith("s3:")) {
            return false;
        }
        var name = lower.substring("s3:".length());
        var pattern =
                Pattern.compile(
                        Pattern.quote(name).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q"));
        return names.stream()
                .anyMatch(known -> pattern.matcher(known.toLowerCase(Locale.ROOT)).matches());
    }
}
