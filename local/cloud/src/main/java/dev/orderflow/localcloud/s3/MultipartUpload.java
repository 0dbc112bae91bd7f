package dev.orderflow.localcloud.s3;

import dev.orderflow.localcloud.wire.AwsErrorException;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/// An object that is uploaded in [parts][1] and created when they are completed.
///
/// [1]: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
final class MultipartUpload {

    static final int MOST_PARTS = 10_000;

    /// The minimum size of all parts except the last.
    private static final int SMALLEST_PART = 5 * 1024 * 1024;

    final String id = UUID.randomUUID().toString().replace("-", "");
    final String key;
    final Instant begunAt;
    private final Map<String, String> headers;
    private final Map<String, String> tags;
    private final @Nullable String algorithm;
    private final @Nullable String checksumType;
    private final SortedMap<Integer, UploadedPart> parts = new TreeMap<>();

    /// @param etag ETag in quotes
    record UploadedPart(
            byte[] bytes, String etag, Map<String, String> checksum, Instant storedAt) {}

    MultipartUpload(
            String key,
            Map<String, String> headers,
            Map<String, String> tags,
            @Nullable String algorithm,
            @Nullable String checksumType,
            Instant begunAt) {
        ObjectChecksum.requireKnown(algorithm, checksumType);
        this.key = key;
        this.headers = headers;
        this.tags = tags;
        this.algorithm = algorithm;
        this.checksumType = checksumType;
        this.begunAt = begunAt;
    }

    /// The query parameter `partNumber` of a request.
    ///
    /// @throws AwsErrorException `InvalidArgument`
    static int partNumber(S3Request request) {
        var text = request.query().getOrDefault("partNumber", "");
        if (!text.matches("[0-9]{1,5}")
                || Integer.parseInt(text) < 1
                || Integer.parseInt(text) > MOST_PARTS) {
            throw S3Errors.invalidArgument(
                    "Part number must be an integer between 1 and 10000, inclusive");
        }
        return Integer.parseInt(text);
    }

    synchronized UploadedPart put(int number, UploadContent content, Instant now) {
        var part = new UploadedPart(content.bytes(), content.etag(), content.checksum(), now);
        parts.put(number, part);
        return part;
    }

    synchronized SortedMap<Integer, UploadedPart> parts() {
        return new TreeMap<>(parts);
    }

    synchronized long bytes() {
        return parts.values().stream().mapToLong(part -> part.bytes().length).sum();
    }

    /// Creates the object from the parts that a `CompleteMultipartUpload` lists.
    ///
    /// @throws AwsErrorException if a part is missing, too small or out of order
    synchronized StoredObject complete(Element request, Instant now) {
        var listed = new TreeMap<Integer, UploadedPart>();
        int last = 0;
        for (var element : S3Xml.children(request, "Part")) {
            var number = S3Xml.text(element, "PartNumber");
            if (!number.matches("[0-9]{1,5}")) {
                throw S3Errors.malformedXml();
            }
            var part = parts.get(Integer.valueOf(number));
            if (part == null
                    || !isSame(S3Xml.text(element, "ETag"), part.etag())
                    || !hasChecksums(part, element)) {
                throw AwsErrorException.client(
                        "InvalidPart",
                        "One or more of the specified parts could not be found.  The part may not"
                                + " have been uploaded, or the specified entity tag may not match"
                                + " the part's entity tag.");
            }
            if (Integer.parseInt(number) <= last) {
                throw AwsErrorException.client(
                        "InvalidPartOrder",
                        "The list of parts was not in ascending order. Parts must be ordered by"
                                + " part number.");
            }
            last = Integer.parseInt(number);
            listed.put(last, part);
        }
        if (listed.isEmpty()) {
            throw S3Errors.malformedXml();
        }
        return object(listed, now);
    }

    /// Compares a listed checksum with that of the part, if the part was uploaded with one.
    private static boolean hasChecksums(UploadedPart part, Element listed) {
        for (var element : S3Xml.children(listed)) {
            var name = element.getLocalName();
            if (name.startsWith("Checksum")) {
                var header =
                        ObjectChecksum.PREFIX
                                + name.substring("Checksum".length()).toLowerCase(Locale.ROOT);
                var sum = part.checksum().get(header);
                if (sum != null && !sum.equals(element.getTextContent().strip())) {
                    return false;
                }
            } else if (!name.equals("PartNumber") && !name.equals("ETag")) {
                throw S3Errors.malformedXml();
            }
        }
        return true;
    }

    private static boolean isSame(String listed, String etag) {
        return listed.replace("\"", "").equals(etag.replace("\"", ""));
    }

    private StoredObject object(SortedMap<Integer, UploadedPart> listed, Instant now) {
        for (var part : listed.headMap(listed.lastKey()).values()) {
            if (part.bytes().length < SMALLEST_PART) {
                throw AwsErrorException.client(
                        "EntityTooSmall",
                        "Your proposed upload is smaller than the minimum allowed size");
            }
        }
        var whole = new ByteArrayOutputStream();
        var digests = new ByteArrayOutputStream();
        var parts = new ArrayList<ObjectPart>();
        for (var entry : listed.entrySet()) {
            var part = entry.getValue();
            parts.add(
                    new ObjectPart(
                            entry.getKey(), whole.size(), part.bytes().length, part.checksum()));
            whole.writeBytes(part.bytes());
            digests.writeBytes(HexFormat.of().parseHex(part.etag().replace("\"", "")));
        }
        var bytes = whole.toByteArray();
        var digest = ObjectChecksum.digest("MD5", digests.toByteArray());
        return new StoredObject(
                bytes,
                "\"%s-%d\"".formatted(HexFormat.of().formatHex(digest), listed.size()),
                headers,
                ObjectChecksum.ofParts(
                        algorithm,
                        checksumType,
                        listed.values().stream().map(UploadedPart::bytes).toList(),
                        bytes),
                tags,
                now,
                parts);
    }

    @Nullable String algorithm() {
        return algorithm;
    }

    @Nullable String checksumType() {
        return checksumType;
    }
}
