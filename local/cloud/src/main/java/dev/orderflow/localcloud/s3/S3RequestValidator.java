package dev.orderflow.localcloud.s3;

import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.HttpGateway;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Rejects headers and query parameters that the local cloud does not support.
final class S3RequestValidator {

    /// Headers that are accepted for every operation: their effect is implemented or is the
    /// default.
    private static final Set<String> KNOWN_HEADERS =
            Set.of(
                    "x-amz-date",
                    "x-amz-content-sha256",
                    "x-amz-security-token",
                    // Sent by the SDK in browsers in place of User-Agent.
                    "x-amz-user-agent",
                    // Announces support for trailing checksums, which S3 may omit.
                    "x-amz-te",
                    "x-amz-decoded-content-length",
                    "x-amz-trailer",
                    "x-amz-sdk-checksum-algorithm",
                    "x-amz-checksum-mode",
                    "x-amz-checksum-algorithm",
                    "x-amz-checksum-type",
                    "x-amz-mp-object-size",
                    "x-amz-expected-bucket-owner",
                    "x-amz-source-expected-bucket-owner",
                    "x-amz-request-payer",
                    "x-amz-acl",
                    "x-amz-tagging",
                    "x-amz-tagging-directive",
                    "x-amz-metadata-directive",
                    "x-amz-storage-class",
                    "x-amz-server-side-encryption",
                    "x-amz-website-redirect-location",
                    "x-amz-object-ownership",
                    "x-amz-bucket-object-lock-enabled",
                    LifecycleConfiguration.SMALLEST,
                    // A policy that only allows cannot lock out its owner.
                    "x-amz-confirm-remove-self-bucket-access",
                    ObjectAttributes.HEADER,
                    ObjectAttributes.MAX_PARTS,
                    ObjectAttributes.PART_MARKER,
                    "x-amz-copy-source",
                    "x-amz-copy-source-range",
                    "x-amz-copy-source-if-match",
                    "x-amz-copy-source-if-none-match",
                    "x-amz-copy-source-if-modified-since",
                    "x-amz-copy-source-if-unmodified-since");

    /// Query parameters that override response headers.
    static final Set<String> OVERRIDES =
            Set.of(
                    "response-cache-control",
                    "response-content-disposition",
                    "response-content-encoding",
                    "response-content-language",
                    "response-content-type",
                    "response-expires");

    private static final Map<String, Set<String>> PARAMETERS = parameters();

    private S3RequestValidator() {}

    private static Map<String, Set<String>> parameters() {
        var object = new HashSet<>(OVERRIDES);
        object.add("versionId");
        object.add("partNumber");
        var all = new HashMap<String, Set<String>>();
        all.put(
                "ListBuckets",
                Set.of("prefix", "max-buckets", "continuation-token", "bucket-region"));
        all.put(
                "ListObjectsV2",
                Set.of(
                        "list-type",
                        "prefix",
                        "delimiter",
                        "max-keys",
                        "start-after",
                        "continuation-token",
                        "encoding-type",
                        "fetch-owner"));
        all.put(
                "ListObjects",
                Set.of("prefix", "delimiter", "max-keys", "marker", "encoding-type"));
        all.put(
                "ListObjectVersions",
                Set.of(
                        "versions",
                        "prefix",
                        "delimiter",
                        "max-keys",
                        "key-marker",
                        "version-id-marker",
                        "encoding-type"));
        all.put(
                "ListMultipartUploads",
                Set.of("uploads", "prefix", "max-uploads", "key-marker", "encoding-type"));
        all.put("GetObject", object);
        all.put("HeadObject", object);
        all.put("GetObjectAttributes", Set.of("attributes", "versionId"));
        all.put("DeleteObject", Set.of("versionId"));
        all.put("GetObjectTagging", Set.of("tagging", "versionId"));
        all.put("PutObjectTagging", Set.of("tagging", "versionId"));
        all.put("DeleteObjectTagging", Set.of("tagging", "versionId"));
        all.put("GetObjectAcl", Set.of("acl", "versionId"));
        all.put("PutObjectAcl", Set.of("acl", "versionId"));
        all.put("DeleteObjects", Set.of("delete"));
        all.put("CreateMultipartUpload", Set.of("uploads"));
        all.put("UploadPart", Set.of("partNumber", "uploadId"));
        all.put("UploadPartCopy", Set.of("partNumber", "uploadId"));
        all.put("CompleteMultipartUpload", Set.of("uploadId"));
        all.put("AbortMultipartUpload", Set.of("uploadId"));
        all.put("ListParts", Set.of("uploadId", "max-parts", "part-number-marker"));
        return Map.copyOf(all);
    }

    /// @throws AwsErrorException that names the first unsupported header or parameter
    static void validate(S3Request request) {
        var owner = request.header("x-amz-expected-bucket-owner");
        if (owner != null && !owner.equals(HttpGateway.ACCOUNT)) {
            throw AwsErrorException.withStatus(
                    403, "AccessDenied", "the bucket does not belong to that account");
        }
        for (var header : request.headers().keySet()) {
            var name = header.toLowerCase(Locale.ROOT);
            if (name.startsWith("x-amz-")
                    && !name.startsWith(StoredObject.METADATA)
                    && !KNOWN_HEADERS.contains(name)
                    && !ObjectChecksum.isKnown(name)) {
                throw S3Errors.notImplemented("the header " + name);
            }
        }
        if ("true".equalsIgnoreCase(request.header("x-amz-bucket-object-lock-enabled"))) {
            throw S3Errors.notImplemented("the header x-amz-bucket-object-lock-enabled");
        }
        var setting = request.setting();
        if (setting != null && request.query().containsKey("id")) {
            // One of several configurations of its kind; none of these kinds is supported.
            throw S3Errors.notImplemented(request.operation());
        }
        var known =
                PARAMETERS.getOrDefault(
                        request.operation(),
                        setting == null || !request.key().isEmpty()
                                ? Set.of()
                                : Set.of(setting.parameter));
        for (var name : request.query().keySet()) {
            if (!known.contains(name)) {
                throw S3Errors.notImplemented("the query parameter " + name);
            }
        }
        var version = request.query().get("versionId");
        if (version != null) {
            requireVersion(version);
        }
    }

    /// Without versioning, the only version of an object is `null`.
    ///
    /// @throws AwsErrorException `InvalidArgument` if it is no version id, `NoSuchVersion` for an
    ///     unknown one
    static void requireVersion(String id) {
        if (!id.matches("null|[A-Za-z0-9._-]{32}")) {
            throw S3Errors.invalidArgument("Invalid version id specified");
        }
        if (!id.equals("null")) {
            throw S3Errors.notFound("NoSuchVersion", "The specified version does not exist.");
        }
    }
}
