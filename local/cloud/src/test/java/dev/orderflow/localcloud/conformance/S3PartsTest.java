package dev.orderflow.localcloud.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ObjectAttributes;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.ObjectPart;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Objects and their parts, read by attribute and by part number
/// (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html and
/// API_GetObject.html).
class S3PartsTest {

    private static final S3Client s3 = CloudUnderTest.s3();

    private static final String BUCKET = CloudUnderTest.unique("parts");
    private static final int PART = 5 * 1024 * 1024;

    /// Part numbers need not be consecutive.
    private static final List<Integer> NUMBERS = List.of(1, 2, 7);

    @BeforeAll
    static void upload() {
        s3.createBucket(it -> it.bucket(BUCKET));
        s3.putObject(it -> it.bucket(BUCKET).key("whole"), RequestBody.fromString("hello"));
        s3.putObject(it -> it.bucket(BUCKET).key("empty"), RequestBody.empty());
        var id =
                s3.createMultipartUpload(
                                it ->
                                        it.bucket(BUCKET)
                                                .key("parts")
                                                .checksumAlgorithm(ChecksumAlgorithm.SHA256))
                        .uploadId();
        var parts =
                NUMBERS.stream()
                        .map(
                                number -> {
                                    var bytes = new byte[PART];
                                    bytes[0] = number.byteValue();
                                    var part =
                                            s3.uploadPart(
                                                    it ->
                                                            it.bucket(BUCKET)
                                                                    .key("parts")
                                                                    .uploadId(id)
                                                                    .partNumber(number)
                                                                    .checksumAlgorithm(
                                                                            ChecksumAlgorithm
                                                                                    .SHA256),
                                                    RequestBody.fromBytes(bytes));
                                    return CompletedPart.builder()
                                            .partNumber(number)
                                            .eTag(part.eTag())
                                            .checksumSHA256(part.checksumSHA256())
                                            .build();
                                })
                        .toList();
        s3.completeMultipartUpload(
                it ->
                        it.bucket(BUCKET)
                                .key("parts")
                                .uploadId(id)
                                .multipartUpload(all -> all.parts(parts)));
    }

    @AfterAll
    static void close() {
        s3.close();
    }

    private static void assertRefused(int status, String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        refused -> {
                            assertThat(refused.statusCode()).isEqualTo(status);
                            assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code);
                        });
    }

    @Test
    void theAttributesOfAnObjectAreReturnedWithoutItsContent() {
        var found =
                s3.getObjectAttributes(
                        it ->
                                it.bucket(BUCKET)
                                        .key("whole")
                                        .objectAttributes(ObjectAttributes.knownValues()));
        assertThat(found.eTag()).isEqualTo("5d41402abc4b2a76b9719d911017c592");
        assertThat(found.objectSize()).isEqualTo(5);
        assertThat(found.storageClassAsString()).isEqualTo("STANDARD");
        assertThat(found.checksum().checksumType()).isEqualTo(ChecksumType.FULL_OBJECT);
        assertThat(found.objectParts()).as("uploaded in one request").isNull();
        assertThat(found.lastModified()).isNotNull();
    }

    @Test
    void onlyTheAttributesThatAreAskedForAreReturned() {
        var found =
                s3.getObjectAttributes(
                        it ->
                                it.bucket(BUCKET)
                                        .key("whole")
                                        .objectAttributes(ObjectAttributes.OBJECT_SIZE));
        assertThat(found.objectSize()).isEqualTo(5);
        assertThat(found.eTag()).isNull();
        assertThat(found.checksum()).isNull();
    }

    @Test
    void thePartsOfAnObjectAreListedInPages() {
        var first =
                s3.getObjectAttributes(
                                it ->
                                        it.bucket(BUCKET)
                                                .key("parts")
                                                .maxParts(2)
                                                .objectAttributes(ObjectAttributes.OBJECT_PARTS))
                        .objectParts();
        assertThat(first.totalPartsCount()).isEqualTo(3);
        assertThat(first.isTruncated()).isTrue();
        assertThat(first.nextPartNumberMarker()).isEqualTo(2);
        assertThat(first.parts()).extracting(ObjectPart::partNumber).containsExactly(1, 2);
        assertThat(first.parts())
                .allSatisfy(
                        part -> {
                            assertThat(part.size()).isEqualTo(PART);
                            assertThat(part.checksumSHA256()).isNotEmpty();
                        });
        var next =
                s3.getObjectAttributes(
                                it ->
                                        it.bucket(BUCKET)
                                                .key("parts")
                                                .partNumberMarker(2)
                                                .objectAttributes(ObjectAttributes.OBJECT_PARTS))
                        .objectParts();
        assertThat(next.isTruncated()).isFalse();
        assertThat(next.parts()).extracting(ObjectPart::partNumber).containsExactly(7);
    }

    @Test
    void anUnknownAttributeIsRefused() {
        assertRefused(
                400,
                "InvalidArgument",
                () ->
                        s3.getObjectAttributes(
                                it ->
                                        it.bucket(BUCKET)
                                                .key("whole")
                                                .objectAttributesWithStrings("Colour")));
        assertRefused(
                404,
                "NoSuchKey",
                () ->
                        s3.getObjectAttributes(
                                it ->
                                        it.bucket(BUCKET)
                                                .key("none")
                                                .objectAttributes(ObjectAttributes.E_TAG)));
    }

    @Test
    void aPartIsReadByItsNumber() {
        for (int i = 0; i < NUMBERS.size(); i++) {
            int number = NUMBERS.get(i);
            var got =
                    s3.getObjectAsBytes(
                            it ->
                                    it.bucket(BUCKET)
                                            .key("parts")
                                            .partNumber(number)
                                            .checksumMode(ChecksumMode.ENABLED));
            assertThat(got.asByteArray()).hasSize(PART).startsWith(number);
            assertThat(got.response().partsCount()).isEqualTo(3);
            assertThat(got.response().checksumSHA256()).isNotEmpty();
            assertThat(got.response().contentRange())
                    .isEqualTo("bytes %d-%d/%d".formatted(i * PART, (i + 1) * PART - 1, 3 * PART));
            var head = s3.headObject(it -> it.bucket(BUCKET).key("parts").partNumber(number));
            assertThat(head.contentLength()).isEqualTo(PART);
            assertThat(head.partsCount()).isEqualTo(3);
        }
    }

    @Test
    void anObjectThatWasNotUploadedInPartsConsistsOfOne() {
        var got = s3.getObjectAsBytes(it -> it.bucket(BUCKET).key("whole").partNumber(1));
        assertThat(got.asUtf8String()).isEqualTo("hello");
        assertThat(got.response().contentRange()).isEqualTo("bytes 0-4/5");
        assertThat(got.response().partsCount()).isNull();
        assertThat(
                        s3.getObjectAsBytes(it -> it.bucket(BUCKET).key("empty").partNumber(1))
                                .asByteArray())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"whole", "parts"})
    void aPartThatDoesNotExistIsNotSatisfiable(String key) {
        assertRefused(
                416,
                "InvalidPartNumber",
                () -> s3.getObjectAsBytes(it -> it.bucket(BUCKET).key(key).partNumber(3)));
        for (int number : new int[] {0, -1, 10_001}) {
            assertRefused(
                    400,
                    "InvalidArgument",
                    () -> s3.getObjectAsBytes(it -> it.bucket(BUCKET).key(key).partNumber(number)));
        }
        assertRefused(
                400,
                "InvalidRequest",
                () ->
                        s3.getObjectAsBytes(
                                it -> it.bucket(BUCKET).key(key).partNumber(1).range("bytes=0-1")));
    }

    @Test
    void aMalformedVersionOfACopySourceIsAnInvalidArgument() {
        assertRefused(400, "InvalidArgument", () -> copyVersion("first"));
        assertRefused(404, "NoSuchVersion", () -> copyVersion("v".repeat(32)));
        copyVersion("null");
    }

    private static void copyVersion(String version) {
        s3.copyObject(
                it ->
                        it.sourceBucket(BUCKET)
                                .sourceKey("whole")
                                .sourceVersionId(version)
                                .destinationBucket(BUCKET)
                                .destinationKey("copy"));
    }

    @Test
    void eachOfManyDeletedObjectsHasItsOwnResult() {
        IntStream.of(1, 2)
                .forEach(
                        i ->
                                s3.putObject(
                                        it -> it.bucket(BUCKET).key("delete-" + i),
                                        RequestBody.fromString("x")));
        var results =
                s3.deleteObjects(
                        it ->
                                it.bucket(BUCKET)
                                        .delete(
                                                all ->
                                                        all.objects(
                                                                of("delete-1", null, "other"),
                                                                of("delete-2", null, null),
                                                                of("whole", "first", null),
                                                                of("none", "null", null))));
        assertThat(results.errors())
                .extracting(S3Error::key, S3Error::code)
                .containsExactly(
                        tuple("delete-1", "PreconditionFailed"), tuple("whole", "NoSuchVersion"));
        assertThat(results.errors().getLast().versionId()).isEqualTo("first");
        assertThat(results.deleted())
                .extracting(deleted -> deleted.key())
                .containsExactly("delete-2", "none");
    }

    private static ObjectIdentifier of(String key, String version, String etag) {
        return ObjectIdentifier.builder().key(key).versionId(version).eTag(etag).build();
    }
}
