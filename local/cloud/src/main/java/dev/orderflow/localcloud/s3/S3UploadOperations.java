package dev.orderflow.localcloud.s3;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/// The operations on multipart uploads.
final class S3UploadOperations {

    private static final int MOST_LISTED = 1_000;

    private final S3Call call;

    S3UploadOperations(S3Call call) {
        this.call = call;
    }

    MultipartUpload upload() {
        return call.bucket()
                .requireUpload(
                        call.request().query().getOrDefault("uploadId", ""), call.request().key());
    }

    byte[] createUpload() {
        call.requireKey();
        var upload =
                new MultipartUpload(
                        call.request().key(),
                        StoredObject.readDescription(call.request().headers()),
                        call.tagsOfHeader(),
                        call.request().header("x-amz-checksum-algorithm"),
                        call.request().header("x-amz-checksum-type"),
                        call.now());
        call.bucket().addUpload(upload);
        call.set(StoredObject.ENCRYPTION, "AES256");
        if (upload.algorithm() instanceof String algorithm) {
            call.set("x-amz-checksum-algorithm", algorithm);
        }
        if (upload.checksumType() instanceof String type) {
            call.set(ObjectChecksum.TYPE, type);
        }
        return S3Xml.document(
                "InitiateMultipartUploadResult",
                xml ->
                        xml.put("Bucket", call.request().bucket())
                                .put("Key", call.request().key())
                                .put("UploadId", upload.id));
    }

    void uploadPart() throws IOException {
        int number = MultipartUpload.partNumber(call.request());
        var upload = upload();
        call.requireRoom(call.content().bytes().length);
        var part = upload.put(number, call.content(), call.now());
        call.set("ETag", part.etag());
        part.checksum().forEach(call::set);
        call.respond(200);
    }

    void uploadPartCopy() throws IOException {
        int number = MultipartUpload.partNumber(call.request());
        var upload = upload();
        var source = call.source().bytes();
        var header = call.request().header("x-amz-copy-source-range");
        var range = ByteRange.of(header, source.length);
        if (header != null && range == null) {
            throw S3Errors.invalidArgument(
                    "The x-amz-copy-source-range value must be of the form"
                            + " bytes=first-last where first and last are the zero-based"
                            + " offsets of the first and last bytes to copy");
        }
        var bytes =
                range == null
                        ? source
                        : Arrays.copyOfRange(source, range.first(), range.last() + 1);
        call.requireRoom(bytes.length);
        var part = upload.put(number, new UploadContent(bytes, Map.of()), call.now());
        call.respondXml(S3Call.copyResult("CopyPartResult", part.etag(), part.storedAt()));
    }

    byte[] completeUpload() {
        var upload = upload();
        var root = S3Xml.root(call.content().bytes(), "CompleteMultipartUpload");
        var object = upload.complete(root, call.now());
        for (var said : call.request().headers().entrySet()) {
            var name = said.getKey().toLowerCase(Locale.ROOT);
            var sum = object.checksum().get(name);
            if (ObjectChecksum.isKnown(name)
                    && sum != null
                    && !sum.equals(said.getValue().getFirst())) {
                throw ObjectChecksum.mismatch(name);
            }
        }
        call.bucket().put(call.request().key(), object, S3Preconditions.ofWrite(call.request()));
        call.bucket().removeUpload(upload);
        call.set(StoredObject.ENCRYPTION, "AES256");
        return S3Xml.document(
                "CompleteMultipartUploadResult",
                xml -> {
                    xml.put(
                                    "Location",
                                    "%s/%s/%s"
                                            .formatted(
                                                    call.context().endpoint(),
                                                    call.request().bucket(),
                                                    ObjectListing.url(call.request().key())))
                            .put("Bucket", call.request().bucket())
                            .put("Key", call.request().key())
                            .put("ETag", object.etag());
                    for (var sum : object.checksum().entrySet()) {
                        xml.put(ObjectChecksum.element(sum.getKey()), sum.getValue());
                    }
                });
    }

    byte[] listParts() {
        var upload = upload();
        int marker = call.request().number("part-number-marker", 0, MultipartUpload.MOST_PARTS, 0);
        int most = call.request().number("max-parts", 0, MOST_LISTED, MOST_LISTED);
        var left = upload.parts().tailMap(marker + 1);
        return S3Xml.document(
                "ListPartsResult",
                xml -> {
                    xml.put("Bucket", call.request().bucket())
                            .put("Key", call.request().key())
                            .put("UploadId", upload.id)
                            .put("Owner", S3Call::writeOwner)
                            .put("Initiator", S3Call::writeOwner)
                            .put("StorageClass", "STANDARD")
                            .put("PartNumberMarker", Integer.toString(marker))
                            .put("MaxParts", Integer.toString(most))
                            .put("IsTruncated", Boolean.toString(left.size() > most));
                    int shown = 0;
                    for (var part : left.entrySet()) {
                        if (++shown > most) {
                            break;
                        }
                        xml.put(
                                "Part",
                                it -> {
                                    it.put("PartNumber", part.getKey().toString())
                                            .put(
                                                    "LastModified",
                                                    ObjectListing.moment(
                                                            part.getValue().storedAt()))
                                            .put("ETag", part.getValue().etag())
                                            .put(
                                                    "Size",
                                                    Integer.toString(
                                                            part.getValue().bytes().length));
                                });
                        if (shown == most && left.size() > most) {
                            xml.put("NextPartNumberMarker", part.getKey().toString());
                        }
                    }
                });
    }

    byte[] listUploads() {
        var prefix = call.request().query().getOrDefault("prefix", "");
        var marker = call.request().query().getOrDefault("key-marker", "");
        int most = call.request().number("max-uploads", 1, MOST_LISTED, MOST_LISTED);
        var found =
                call.bucket().uploads().stream()
                        .filter(it -> it.key.startsWith(prefix))
                        .filter(it -> S3Bucket.KEY_ORDER.compare(it.key, marker) > 0)
                        .toList();
        var page = found.subList(0, Math.min(most, found.size()));
        return S3Xml.document(
                "ListMultipartUploadsResult",
                xml -> {
                    xml.put("Bucket", call.request().bucket())
                            .put("KeyMarker", marker)
                            .put("Prefix", prefix)
                            .put("MaxUploads", Integer.toString(most))
                            .put("IsTruncated", Boolean.toString(page.size() < found.size()));
                    if (page.size() < found.size()) {
                        xml.put("NextKeyMarker", page.getLast().key)
                                .put("NextUploadIdMarker", page.getLast().id);
                    }
                    for (var upload : page) {
                        xml.put(
                                "Upload",
                                it ->
                                        it.put("Key", upload.key)
                                                .put("UploadId", upload.id)
                                                .put("Initiator", S3Call::writeOwner)
                                                .put("Owner", S3Call::writeOwner)
                                                .put("StorageClass", "STANDARD")
                                                .put(
                                                        "Initiated",
                                                        ObjectListing.moment(upload.begunAt)));
                    }
                });
    }
}
