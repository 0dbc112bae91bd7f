package dev.orderflow.localcloud.s3;

import java.io.IOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

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
        call.set(
                "Last-Modified",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        object.storedAt().atOffset(ZoneOffset.UTC)));
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
        var range = ByteRange.of(call.request().header("Range"), object.bytes().length);
        if (range != null) {
            call.set(
                    "Content-Range",
                    "bytes %d-%d/%d".formatted(range.first(), range.last(), object.bytes().length));
            call.respondBytes(
                    206, Arrays.copyOfRange(object.bytes(), range.first(), range.last() + 1));
            return;
        }
        if ("ENABLED".equalsIgnoreCase(call.request().header("x-amz-checksum-mode"))) {
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
        return S3Xml.document(
                "DeleteResult",
                xml -> {
                    for (var object : objects) {
                        // Not trimmed, because spaces are part of a key.
                        var key =
                                S3Xml.child(object, "Key")
                                        .map(it -> it.getTextContent())
                                        .orElse("");
                        var version = S3Xml.text(object, "VersionId");
                        if (key.isEmpty() || !version.isEmpty() && !version.equals("null")) {
                            xml.put(
                                    "Error",
                                    it ->
                                            it.put("Key", key)
                                                    .put(
                                                            "Code",
                                                            key.isEmpty()
                                                                    ? "UserKeyMustBeSpecified"
                                                                    : "NoSuchVersion")
                                                    .put(
                                                            "Message",
                                                            "The specified key or version is"
                                                                    + " not valid."));
                            continue;
                        }
                        var etag = S3Xml.text(object, "ETag").replace("\"", "");
                        bucket.remove(
                                key,
                                there ->
                                        etag.isEmpty()
                                                || there != null
                                                        && there.etag()
                                                                .replace("\"", "")
                                                                .equals(etag));
                        if (!quiet) {
                            xml.put("Deleted", it -> it.put("Key", key));
                        }
                    }
                });
    }
}
