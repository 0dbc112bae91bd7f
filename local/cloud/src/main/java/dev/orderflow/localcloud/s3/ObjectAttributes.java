package dev.orderflow.localcloud.s3;

import dev.orderflow.localcloud.wire.AwsErrorException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.xml.stream.XMLStreamException;

/// The document of [GetObjectAttributes][1].
///
/// [1]: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html
final class ObjectAttributes {

    static final String HEADER = "x-amz-object-attributes";
    static final String MAX_PARTS = "x-amz-max-parts";
    static final String PART_MARKER = "x-amz-part-number-marker";

    private static final int MOST_PARTS = 1_000;
    private static final Set<String> NAMES =
            Set.of("ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize");

    private final S3Request request;
    private final Set<String> wanted;

    /// @throws AwsErrorException if the request names no attribute, or an unknown one
    ObjectAttributes(S3Request request) {
        this.request = request;
        // A list in a header may be in several headers, too.
        this.wanted =
                Optional.ofNullable(request.headers().get(HEADER)).stream()
                        .flatMap(headers -> headers.stream())
                        .flatMap(header -> Arrays.stream(header.split(",")))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .collect(Collectors.toSet());
        if (wanted.isEmpty()) {
            throw S3Errors.invalidRequest(
                    "The x-amz-object-attributes header specifying the attributes to be retrieved"
                            + " is either missing or empty");
        }
        if (!NAMES.containsAll(wanted)) {
            throw S3Errors.invalidArgument("Invalid attribute name specified.");
        }
    }

    byte[] document(StoredObject object) {
        return S3Xml.document(
                "GetObjectAttributesResponse",
                xml -> {
                    if (wanted.contains("ETag")) {
                        xml.put("ETag", object.etag().replace("\"", ""));
                    }
                    if (wanted.contains("Checksum") && !object.checksum().isEmpty()) {
                        xml.put("Checksum", it -> writeChecksum(it, object.checksum()));
                    }
                    if (wanted.contains("ObjectParts") && !object.parts().isEmpty()) {
                        xml.put("ObjectParts", it -> writeParts(it, object));
                    }
                    if (wanted.contains("StorageClass")) {
                        xml.put("StorageClass", object.storageClass());
                    }
                    if (wanted.contains("ObjectSize")) {
                        xml.put("ObjectSize", Integer.toString(object.bytes().length));
                    }
                });
    }

    private static void writeChecksum(S3Xml xml, Map<String, String> checksum)
            throws XMLStreamException {
        for (var sum : checksum.entrySet()) {
            xml.put(ObjectChecksum.element(sum.getKey()), sum.getValue());
        }
    }

    /// The parts themselves are listed only if they were uploaded with checksums.
    private void writeParts(S3Xml xml, StoredObject object) throws XMLStreamException {
        xml.put("PartsCount", Integer.toString(object.parts().size()));
        if (object.parts().stream().anyMatch(part -> part.checksum().isEmpty())) {
            return;
        }
        int marker = number(PART_MARKER, MultipartUpload.MOST_PARTS, 0);
        int most = Math.min(number(MAX_PARTS, Integer.MAX_VALUE, MOST_PARTS), MOST_PARTS);
        var left = object.parts().stream().filter(part -> part.number() > marker).toList();
        var page = left.subList(0, Math.min(most, left.size()));
        xml.put("PartNumberMarker", Integer.toString(marker))
                .put("MaxParts", Integer.toString(most))
                .put("IsTruncated", Boolean.toString(page.size() < left.size()))
                .put(
                        "NextPartNumberMarker",
                        Integer.toString(page.isEmpty() ? marker : page.getLast().number()));
        for (var part : page) {
            xml.put(
                    "Part",
                    it -> {
                        it.put("PartNumber", Integer.toString(part.number()))
                                .put("Size", Integer.toString(part.size()));
                        for (var sum : part.checksum().entrySet()) {
                            if (ObjectChecksum.isKnown(sum.getKey())) {
                                it.put(ObjectChecksum.element(sum.getKey()), sum.getValue());
                            }
                        }
                    });
        }
    }

    private int number(String header, int most, int otherwise) {
        var text = request.header(header);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("[0-9]{1,10}") || Long.parseLong(text) > most) {
            throw S3Errors.invalidArgument(
                    "Argument %s must be an integer between 0 and %d".formatted(header, most));
        }
        return Integer.parseInt(text);
    }
}
