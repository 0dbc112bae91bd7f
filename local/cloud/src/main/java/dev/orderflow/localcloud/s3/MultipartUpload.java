package dev.orderflow.localcloud.s3;

import dev.orderflow.localcloud.wire.AwsError;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/// An object that is put in [parts][1] and comes to be when they are completed.
///
/// [1]: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
final class MultipartUpload {

    static final int MOST_PARTS = 10_000;

    /// All parts but the last have at least that.
    private static final int SMALLEST_PART = 5 * 1024 * 1024;

    final String id = UUID.randomUUID().toString().replace("-", "");
    final String key;
    final Instant begunAt;
    private final Map<String, String> headers;
    private final Map<String, String> tags;
    private final @Nullable String algorithm;
    private final @Nullable String checksumType;
    private final SortedMap<Integer, Part> parts = new TreeMap<>();

    /// @param etag in quotes
    record Part(byte[] bytes, String etag, Map<String, String> checksum, Instant storedAt) {}

    MultipartUpload(
            String key,
            Map<String, String> headers,
            Map<String, String> tags,
            @Nullable String algorithm,
            @Nullable String checksumType,
            Instant begunAt) {
        Checksum.requireKnown(algorithm, checksumType);
        this.key = key;
        this.headers = headers;
        this.tags = tags;
        this.algorithm = algorithm;
        this.checksumType = checksumType;
        this.begunAt = begunAt;
    }

    synchronized Part put(int number, Content content, Instant now) {
        var part =
                new Part(
                        content.bytes(),
                        '"' + HexFormat.of().formatHex(content.md5()) + '"',
                        content.checksum(),
                        now);
        parts.put(number, part);
        return part;
    }

    synchronized SortedMap<Integer, Part> parts() {
        return new TreeMap<>(parts);
    }

    synchronized long bytes() {
        return parts.values().stream().mapToLong(part -> part.bytes().length).sum();
    }

    /// The object of the parts that a `CompleteMultipartUpload` lists.
    ///
    /// @throws AwsError when the list is not one of parts that were put, in order and large enough
    synchronized StoredObject complete(Element request, Instant now) {
        var listed = new ArrayList<Part>();
        int last = 0;
        for (var element : Xml.children(request, "Part")) {
            var number = Xml.text(element, "PartNumber");
            if (!number.matches("[0-9]{1,5}")) {
                throw S3Errors.malformedXml();
            }
            var part = parts.get(Integer.valueOf(number));
            if (part == null
                    || !isSame(Xml.text(element, "ETag"), part.etag())
                    || !hasChecksums(part, element)) {
                throw AwsError.client(
                        "InvalidPart",
                        "One or more of the specified parts could not be found.  The part may not"
                                + " have been uploaded, or the specified entity tag may not match"
                                + " the part's entity tag.");
            }
            if (Integer.parseInt(number) <= last) {
                throw AwsError.client(
                        "InvalidPartOrder",
                        "The list of parts was not in ascending order. Parts must be ordered by"
                                + " part number.");
            }
            last = Integer.parseInt(number);
            listed.add(part);
        }
        if (listed.isEmpty()) {
            throw S3Errors.malformedXml();
        }
        return object(listed, now);
    }

    /// A checksum that is listed is that of the part; one that it came without is not compared.
    private static boolean hasChecksums(Part part, Element listed) {
        for (var element : Xml.children(listed)) {
            var name = element.getLocalName();
            if (name.startsWith("Checksum")) {
                var header =
                        Checksum.PREFIX
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

    private StoredObject object(List<Part> listed, Instant now) {
        for (var part : listed.subList(0, listed.size() - 1)) {
            if (part.bytes().length < SMALLEST_PART) {
                throw AwsError.client(
                        "EntityTooSmall",
                        "Your proposed upload is smaller than the minimum allowed size");
            }
        }
        var whole = new ByteArrayOutputStream();
        var digests = new ByteArrayOutputStream();
        for (var part : listed) {
            whole.writeBytes(part.bytes());
            digests.writeBytes(HexFormat.of().parseHex(part.etag().replace("\"", "")));
        }
        var bytes = whole.toByteArray();
        var digest = Checksum.digest("MD5", digests.toByteArray());
        return new StoredObject(
                bytes,
                "\"%s-%d\"".formatted(HexFormat.of().formatHex(digest), listed.size()),
                headers,
                Checksum.ofParts(
                        algorithm, checksumType, listed.stream().map(Part::bytes).toList(), bytes),
                tags,
                now);
    }

    @Nullable String algorithm() {
        return algorithm;
    }

    @Nullable String checksumType() {
        return checksumType;
    }
}
