package dev.orderflow.localcloud.s3;

import dev.orderflow.localcloud.wire.AwsErrorException;
import java.io.IOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/// The operations on objects.
final class S3ObjectOperations {

    private static final int MOST_LISTED = 1_000;

    private final S3Call call;

    S3ObjectOperations(S3Call call) {
        this.call = call;
    }

    void putObject() throws IOException {
        call.requireKey();
        var bucket = call.bucket();
        call.requireRoom(call.content().bytes().length);
        var object =
                StoredObject.of(
                        call.content(),
                        StoredObject.readDescription(call.request().headers()),
                        call.tagsOfHeader(),
                        call.now());
        bucket.put(call.request().key(), object, S3Preconditions.ofWrite(call.request()));
        call.set("ETag", object.etag());
        call.set(StoredObject.ENCRYPTION, "AES256");
        object.checksum().forEach(call::set);
        call.respond(200);
    }

    void copyObject() throws IOException {
        call.requireKey();
        var source = call.source();
        var target = call.bucket();
        boolean replaces = replaces("x-amz-metadata-directive");
        var path = S3Call.decodedSource(String.valueOf(call.request().header("x-amz-copy-source")));
        if (path.equals(call.request().bucket() + "/" + call.request().key())
                && !replaces
                && call.request().header(StoredObject.STORAGE_CLASS) == null
                && call.request().header(StoredObject.ENCRYPTION) == null) {
            throw S3Errors.invalidRequest(
                    "This copy request is illegal because it is trying to copy an object to"
                            + " itself without changing the object's metadata, storage class,"
                            + " website redirect location or encryption attributes.");
        }
        call.requireRoom(source.bytes().length);
        var described = StoredObject.readDescription(call.request().headers());
        var headers = described;
        if (!replaces) {
            var kept = new TreeMap<>(source.headers());
            kept.remove(StoredObject.STORAGE_CLASS);
            if (described.get(StoredObject.STORAGE_CLASS) instanceof String storage) {
                kept.put(StoredObject.STORAGE_CLASS, storage);
            }
            headers = Map.copyOf(kept);
        }
        var algorithm = call.request().header("x-amz-checksum-algorithm");
        ObjectChecksum.requireKnown(algorithm, null);
        var copied =
                StoredObject.of(
                        new UploadContent(
                                source.bytes(),
                                algorithm == null
                                        ? Map.of()
                                        : ObjectChecksum.ofWhole(
                                                ObjectChecksum.PREFIX
                                                        + algorithm.toLowerCase(Locale.ROOT),
                                                source.bytes())),
                        headers,
                        replaces("x-amz-tagging-directive") ? call.tagsOfHeader() : source.tags(),
                        call.now());
        target.put(call.request().key(), copied, S3Preconditions.ofWrite(call.request()));
        call.set(StoredObject.ENCRYPTION, "AES256");
        call.respondXml(S3Call.copyResult("CopyObjectResult", copied.etag(), copied.storedAt()));
    }

    private boolean replaces(String directive) {
        return switch (Optional.ofNullable(call.request().header(directive)).orElse("COPY")) {
            case "COPY" -> false;
            case "REPLACE" -> true;
            default -> throw S3Errors.invalidArgument("Unknown directive: " + directive);
        };
    }

    void getObject() throws IOException {
        var object = call.bucket().requireObject(call.request().key());
        object.headers().forEach(call::set);
        call.set("ETag", object.etag());
        call.set("Accept-Ranges", "bytes");
        setLastModified(object);
        var part = part(object);
        if (!object.tags().isEmpty()) {
            call.set("x-amz-tagging-count", Integer.toString(object.tags().size()));
        }
        for (var override : S3RequestValidator.OVERRIDES) {
            if (call.request().query().get(override) instanceof String value) {
                call.set(override.substring("response-".length()), value);
            }
        }
        switch (S3Preconditions.ofRead(call.request(), object)) {
            case NOT_MODIFIED -> {
                call.respond(304);
                return;
            }
            case FAILED -> throw S3Errors.preconditionFailed();
            case ANSWER -> {}
        }
        if (part != null) {
            respondPart(object, part);
            return;
        }
        var range = ByteRange.of(call.request().header("Range"), object.bytes().length);
        if (range != null) {
            respondRange(object, range);
            return;
        }
        if (wantsChecksum()) {
            object.checksum().forEach(call::set);
        }
        call.respondBytes(200, object.bytes());
    }

    byte[] deleteObjects() {
        var bucket = call.bucket();
        var root = S3Xml.root(call.content().bytes(), "Delete");
        boolean quiet = S3Xml.text(root, "Quiet").equals("true");
        var objects = S3Xml.children(root, "Object");
        if (objects.isEmpty() || objects.size() > MOST_LISTED) {
            throw S3Errors.malformedXml();
        }
        for (var element : S3Xml.children(root)) {
            if (!Set.of("Object", "Quiet").contains(element.getLocalName())) {
                throw S3Errors.malformedXml();
            }
        }
        if (objects.stream().anyMatch(object -> key(object).isEmpty())) {
            throw S3Errors.malformedXml();
        }
        return S3Xml.document(
                "DeleteResult",
                xml -> {
                    for (var object : objects) {
                        var key = key(object);
                        var version = S3Xml.text(object, "VersionId");
                        try {
                            delete(bucket, object, key, version);
                        } catch (AwsErrorException refused) {
                            xml.put(
                                    "Error",
                                    it -> {
                                        writeDeleted(it, key, version);
                                        it.put("Code", refused.code())
                                                .put(
                                                        "Message",
                                                        String.valueOf(refused.getMessage()));
                                    });
                            continue;
                        }
                        if (!quiet) {
                            xml.put("Deleted", it -> writeDeleted(it, key, version));
                        }
                    }
                });
    }

    /// Not trimmed, because spaces are part of a key.
    private static String key(Element object) {
        return S3Xml.child(object, "Key").map(Element::getTextContent).orElse("");
    }

    /// Deletes one of many objects; each has a result of its own.
    ///
    /// @throws AwsErrorException if the object has no such version, or another ETag
    private static void delete(S3Bucket bucket, Element object, String key, String version) {
        if (!version.isEmpty() && !version.equals("null")) {
            throw S3Errors.notFound("NoSuchVersion", "The specified version does not exist.");
        }
        var etag = S3Xml.text(object, "ETag").replace("\"", "");
        bucket.remove(
                key,
                there ->
                        etag.isEmpty()
                                || there != null && there.etag().replace("\"", "").equals(etag));
    }

    private static void writeDeleted(S3Xml xml, String key, String version)
            throws XMLStreamException {
        xml.put("Key", key);
        if (!version.isEmpty()) {
            xml.put("VersionId", version);
        }
    }

    byte[] getAttributes() {
        var object = call.bucket().requireObject(call.request().key());
        setLastModified(object);
        return new ObjectAttributes(call.request()).document(object);
    }

    private void setLastModified(StoredObject object) {
        call.set(
                "Last-Modified",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        object.storedAt().atOffset(ZoneOffset.UTC)));
    }

    /// The part that a [read by part number][1] asks for. An object that was not uploaded in parts
    /// consists of one.
    ///
    /// [1]: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    private @Nullable ObjectPart part(StoredObject object) {
        if (!call.request().query().containsKey("partNumber")) {
            return null;
        }
        if (call.request().header("Range") != null) {
            throw S3Errors.invalidRequest(
                    "Cannot specify both Range header and partNumber query parameter");
        }
        int number = MultipartUpload.partNumber(call.request());
        var parts =
                object.parts().isEmpty()
                        ? List.of(new ObjectPart(1, 0, object.bytes().length, object.checksum()))
                        : object.parts();
        return parts.stream()
                .filter(part -> part.number() == number)
                .findFirst()
                .orElseThrow(
                        () ->
                                AwsErrorException.withStatus(
                                        416,
                                        "InvalidPartNumber",
                                        "The requested partnumber is not satisfiable"));
    }

    private void respondPart(StoredObject object, ObjectPart part) throws IOException {
        if (!object.parts().isEmpty()) {
            call.set("x-amz-mp-parts-count", Integer.toString(object.parts().size()));
        }
        if (wantsChecksum()) {
            part.checksum().forEach(call::set);
        }
        if (part.size() == 0) {
            call.respondBytes(200, new byte[0]);
            return;
        }
        respondRange(object, new ByteRange(part.first(), part.first() + part.size() - 1));
    }

    private void respondRange(StoredObject object, ByteRange range) throws IOException {
        call.set(
                "Content-Range",
                "bytes %d-%d/%d".formatted(range.first(), range.last(), object.bytes().length));
        call.respondBytes(206, Arrays.copyOfRange(object.bytes(), range.first(), range.last() + 1));
    }

    private boolean wantsChecksum() {
        return "ENABLED".equalsIgnoreCase(call.request().header("x-amz-checksum-mode"));
    }
}
