package dev.orderflow.localcloud.s3;

import com.sun.net.httpserver.Headers;
import dev.orderflow.localcloud.wire.AwsErrorException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A stored object.
///
/// @param etag ETag in quotes
/// @param headers descriptive headers: content type, user metadata and others
/// @param checksum checksum headers
/// @param parts the parts it was uploaded in, empty if it was uploaded in one request
record StoredObject(
        byte[] bytes,
        String etag,
        Map<String, String> headers,
        Map<String, String> checksum,
        Map<String, String> tags,
        Instant storedAt,
        List<ObjectPart> parts) {

    static final String METADATA = "x-amz-meta-";
    static final String STORAGE_CLASS = "x-amz-storage-class";
    static final String ENCRYPTION = "x-amz-server-side-encryption";
    static final String TAGGING = "x-amz-tagging";

    private static final int MOST_METADATA = 2_048;

    /// Descriptive headers that are stored and returned with the object.
    private static final List<String> DESCRIBING =
            List.of(
                    "Content-Type",
                    "Cache-Control",
                    "Content-Disposition",
                    "Content-Encoding",
                    "Content-Language",
                    "Expires",
                    "x-amz-website-redirect-location",
                    STORAGE_CLASS);

    /// Storage classes with immediate access. Objects in archive classes would have to be restored
    /// first.
    private static final Set<String> READABLE_CLASSES =
            Set.of(
                    "STANDARD",
                    "REDUCED_REDUNDANCY",
                    "STANDARD_IA",
                    "ONEZONE_IA",
                    "INTELLIGENT_TIERING",
                    "GLACIER_IR");

    private static final Set<String> OTHER_CLASSES =
            Set.of(
                    "GLACIER",
                    "DEEP_ARCHIVE",
                    "OUTPOSTS",
                    "SNOW",
                    "EXPRESS_ONEZONE",
                    "FSX_OPENZFS",
                    "FSX_ONTAP");

    static StoredObject of(
            UploadContent content,
            Map<String, String> headers,
            Map<String, String> tags,
            Instant now) {
        return new StoredObject(
                content.bytes(),
                content.etag(),
                headers,
                content.checksum().isEmpty()
                        ? ObjectChecksum.ofWhole(ObjectChecksum.DEFAULT, content.bytes())
                        : content.checksum(),
                tags,
                now,
                List.of());
    }

    /// The descriptive headers of a request that creates an object.
    ///
    /// @throws AwsErrorException if a header asks for an unsupported feature
    static Map<String, String> readDescription(Headers request) {
        var headers = new TreeMap<String, String>();
        for (var name : DESCRIBING) {
            var value = request.getFirst(name);
            if (value != null) {
                headers.put(name, value);
            }
        }
        var encoding = withoutChunking(headers.remove("Content-Encoding"));
        if (encoding != null) {
            headers.put("Content-Encoding", encoding);
        }
        headers.putIfAbsent("Content-Type", "binary/octet-stream");
        var storage = headers.get(STORAGE_CLASS);
        requireReadable(storage);
        if ("STANDARD".equals(storage)) {
            headers.remove(STORAGE_CLASS);
        }
        requireOwnKey(request);
        requirePrivate(request.getFirst("x-amz-acl"));
        headers.put(ENCRYPTION, "AES256");
        int size = 0;
        for (var header : request.entrySet()) {
            var name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.startsWith(METADATA)) {
                var value = String.join(",", header.getValue());
                headers.put(name, value);
                size += name.length() - METADATA.length();
                size += value.getBytes(StandardCharsets.UTF_8).length;
            }
        }
        if (size > MOST_METADATA) {
            throw AwsErrorException.client(
                    "MetadataTooLarge",
                    "Your metadata headers exceed the maximum allowed metadata size");
        }
        return Map.copyOf(headers);
    }

    private static void requireReadable(@Nullable String storage) {
        if (storage == null || READABLE_CLASSES.contains(storage)) {
            return;
        }
        if (OTHER_CLASSES.contains(storage)) {
            throw S3Errors.notImplemented("the storage class " + storage);
        }
        throw AwsErrorException.client(
                "InvalidStorageClass", "The storage class you specified is not valid");
    }

    private static void requireOwnKey(Headers request) {
        var encryption = request.getFirst(ENCRYPTION);
        if (encryption != null && !encryption.equals("AES256")) {
            if (encryption.startsWith("aws:")) {
                throw S3Errors.notImplemented("the encryption " + encryption);
            }
            throw AwsErrorException.client(
                    "InvalidEncryptionAlgorithmError",
                    "The encryption request you specified is not valid. The valid value is AES256.");
        }
    }

    /// ACLs are disabled by default; only values equal to the default are accepted.
    static void requirePrivate(@Nullable String acl) {
        if (acl != null && !acl.equals("private") && !acl.equals("bucket-owner-full-control")) {
            throw S3Errors.aclsDisabled();
        }
    }

    private static @Nullable String withoutChunking(@Nullable String encoding) {
        if (encoding == null) {
            return null;
        }
        var kept =
                Arrays.stream(encoding.split(","))
                        .map(String::strip)
                        .filter(it -> !it.equals("aws-chunked") && !it.isEmpty())
                        .collect(Collectors.joining(","));
        return kept.isEmpty() ? null : kept;
    }

    StoredObject withTags(Map<String, String> others) {
        return new StoredObject(bytes, etag, headers, checksum, others, storedAt, parts);
    }

    String storageClass() {
        return headers.getOrDefault(STORAGE_CLASS, "STANDARD");
    }
}
