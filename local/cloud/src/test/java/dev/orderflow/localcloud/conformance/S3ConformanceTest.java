package dev.orderflow.localcloud.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

class S3ConformanceTest {

    private static final S3Client s3 = CloudUnderTest.s3();

    private final String bucket = CloudUnderTest.unique("claim-checks");

    @BeforeEach
    void create() {
        s3.createBucket(create -> create.bucket(bucket));
    }

    @AfterAll
    static void close() {
        s3.close();
    }

    /// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    @Test
    void aStoredObjectIsReturnedByteForByte() {
        var bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);
        var put =
                s3.putObject(
                        it ->
                                it.bucket(bucket)
                                        .key("events/1.bin")
                                        .contentType("application/json")
                                        .metadata(Map.of("order", "o-1")),
                        RequestBody.fromBytes(bytes));
        var got = s3.getObjectAsBytes(it -> it.bucket(bucket).key("events/1.bin"));
        assertThat(got.asByteArray()).isEqualTo(bytes);
        assertThat(got.response().eTag()).isEqualTo(put.eTag()).matches("\"[0-9a-f]{32}\"");
        assertThat(got.response().contentType()).isEqualTo("application/json");
        assertThat(got.response().contentLength()).isEqualTo(bytes.length);
        assertThat(got.response().metadata()).containsEntry("order", "o-1");
        assertThat(got.response().lastModified()).isNotNull();
    }

    /// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html: the last one wins.
    @Test
    void anObjectPutAgainIsOverwritten() {
        put("k", "first");
        put("k", "second");
        assertThat(text("k")).isEqualTo("second");
    }

    /// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/b/c.json",
                "with space",
                "Grüße/ß",
                "plus+and&more",
                "a//b",
                "100%",
                "é?#"
            })
    void aKeyMayBeAnyText(String key) {
        put(key, key);
        assertThat(text(key)).isEqualTo(key);
    }

    @Test
    void anEmptyObjectIsStored() {
        put("empty", "");
        assertThat(text("empty")).isEmpty();
        assertThat(s3.headObject(it -> it.bucket(bucket).key("empty")).contentLength()).isZero();
    }

    @Test
    void severalMegabytesAreAccepted() {
        var bytes = new byte[5_000_000];
        new Random(2).nextBytes(bytes);
        s3.putObject(it -> it.bucket(bucket).key("large"), RequestBody.fromBytes(bytes));
        assertThat(s3.getObjectAsBytes(it -> it.bucket(bucket).key("large")).asByteArray())
                .isEqualTo(bytes);
    }

    /// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
    @ParameterizedTest
    @EnumSource(
            value = ChecksumAlgorithm.class,
            names = {"CRC32", "CRC32_C", "SHA1", "SHA256"})
    void aChecksumIsVerifiedAndReturned(ChecksumAlgorithm algorithm) {
        var put =
                s3.putObject(
                        it -> it.bucket(bucket).key("sum").checksumAlgorithm(algorithm),
                        RequestBody.fromString("content"));
        var head =
                s3.headObject(
                        it -> it.bucket(bucket).key("sum").checksumMode(ChecksumMode.ENABLED));
        assertThat(head.checksumCRC32()).isEqualTo(put.checksumCRC32());
        assertThat(head.checksumSHA1()).isEqualTo(put.checksumSHA1());
        assertThat(head.checksumSHA256()).isEqualTo(put.checksumSHA256());
    }

    /// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html: `BadDigest`.
    @Test
    void contentThatDiffersFromItsDigestIsRejected() {
        var wrong = Base64.getEncoder().encodeToString(new byte[16]);
        assertThatThrownBy(
                        () ->
                                s3.putObject(
                                        it -> it.bucket(bucket).key("k").contentMD5(wrong),
                                        RequestBody.fromString("content")))
                .isInstanceOfSatisfying(
                        S3Exception.class, refused -> isError(refused, "BadDigest"));
        var wrongSha = Base64.getEncoder().encodeToString(new byte[32]);
        assertThatThrownBy(
                        () ->
                                s3.putObject(
                                        it -> it.bucket(bucket).key("k").checksumSHA256(wrongSha),
                                        RequestBody.fromString("content")))
                .isInstanceOfSatisfying(
                        S3Exception.class, refused -> isError(refused, "BadDigest"));
        assertThatThrownBy(() -> text("k")).isInstanceOf(NoSuchKeyException.class);
    }

    /// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html: `NoSuchKey`, 404.
    @Test
    void aMissingObjectAndAMissingBucketHaveDifferentErrors() {
        assertThatThrownBy(() -> text("nothing")).isInstanceOf(NoSuchKeyException.class);
        assertThatThrownBy(() -> s3.headObject(it -> it.bucket(bucket).key("nothing")))
                .isInstanceOf(NoSuchKeyException.class);
        assertThatThrownBy(() -> s3.getObjectAsBytes(it -> it.bucket("no-such-bucket-1").key("k")))
                .isInstanceOf(NoSuchBucketException.class);
        assertThatThrownBy(
                        () ->
                                s3.putObject(
                                        it -> it.bucket("no-such-bucket-1").key("k"),
                                        RequestBody.fromString("x")))
                .isInstanceOf(NoSuchBucketException.class);
    }

    /// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
    @Test
    void headBucketReportsWhetherABucketExists() {
        s3.headBucket(it -> it.bucket(bucket));
        assertThatThrownBy(() -> s3.headBucket(it -> it.bucket("no-such-bucket-1")))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        missing -> assertThat(missing.statusCode()).isEqualTo(404));
    }

    /// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html: in us-east-1 one's
    /// own bucket may be created again.
    @Test
    void creatingABucketAgainKeepsItsObjects() {
        put("k", "kept");
        s3.createBucket(create -> create.bucket(bucket));
        assertThat(text("k")).isEqualTo("kept");
    }

    /// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html: also of none, 204.
    @Test
    void deletingAnObjectTwiceSucceeds() {
        put("k", "x");
        s3.deleteObject(it -> it.bucket(bucket).key("k"));
        s3.deleteObject(it -> it.bucket(bucket).key("k"));
        assertThatThrownBy(() -> text("k")).isInstanceOf(NoSuchKeyException.class);
    }

    /// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLifecycleConfiguration.html
    @Test
    void anExpirationRuleIsReturned() {
        assertThatThrownBy(() -> s3.getBucketLifecycleConfiguration(it -> it.bucket(bucket)))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        missing -> {
                            assertThat(missing.statusCode()).isEqualTo(404);
                            assertThat(missing.awsErrorDetails().errorCode())
                                    .isEqualTo("NoSuchLifecycleConfiguration");
                        });
        s3.putBucketLifecycleConfiguration(
                it ->
                        it.bucket(bucket)
                                .lifecycleConfiguration(
                                        lifecycle ->
                                                lifecycle.rules(
                                                        rule ->
                                                                rule.id("expire")
                                                                        .filter(
                                                                                filter ->
                                                                                        filter
                                                                                                .prefix(
                                                                                                        "events/"))
                                                                        .status(
                                                                                ExpirationStatus
                                                                                        .ENABLED)
                                                                        .expiration(
                                                                                after ->
                                                                                        after.days(
                                                                                                400)))));
        assertThat(s3.getBucketLifecycleConfiguration(it -> it.bucket(bucket)).rules())
                .singleElement()
                .satisfies(
                        rule -> {
                            assertThat(rule.id()).isEqualTo("expire");
                            assertThat(rule.filter().prefix()).isEqualTo("events/");
                            assertThat(rule.status()).isEqualTo(ExpirationStatus.ENABLED);
                            assertThat(rule.expiration().days()).isEqualTo(400);
                        });
    }

    /// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
    @Test
    void keysAreListedInByteOrderInPagesAndGroupedByDelimiter() {
        // U+FF5E comes before U+1F600 in UTF-8, and behind it in UTF-16.
        for (var key : List.of("b", "a/2", "a/1", "a", "c/1", "\uFF5E", "\uD83D\uDE00")) {
            put(key, "x");
        }
        assertThat(
                        s3
                                .listObjectsV2Paginator(it -> it.bucket(bucket).maxKeys(2))
                                .contents()
                                .stream()
                                .map(S3Object::key))
                .containsExactly("a", "a/1", "a/2", "b", "c/1", "\uFF5E", "\uD83D\uDE00");
        var rolled =
                s3
                        .listObjectsV2Paginator(it -> it.bucket(bucket).delimiter("/").maxKeys(1))
                        .stream()
                        .flatMap(
                                page ->
                                        Stream.concat(
                                                page.contents().stream().map(S3Object::key),
                                                page.commonPrefixes().stream()
                                                        .map(CommonPrefix::prefix)))
                        .toList();
        assertThat(rolled).containsExactly("a", "a/", "b", "c/", "\uFF5E", "\uD83D\uDE00");
        var after = s3.listObjectsV2(it -> it.bucket(bucket).delimiter("/").startAfter("a/1"));
        assertThat(after.commonPrefixes()).extracting(CommonPrefix::prefix).contains("a/");
        var first = s3.listObjects(it -> it.bucket(bucket).delimiter("/").maxKeys(2));
        assertThat(first.nextMarker()).isEqualTo("a/");
        assertThat(
                        s3.listObjects(it -> it.bucket(bucket).delimiter("/").marker("a/"))
                                .contents()
                                .getFirst()
                                .key())
                .isEqualTo("b");
    }

    /// https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
    @Test
    void anUploadInPartsBecomesAnObjectWhenItIsCompleted() {
        var upload = s3.createMultipartUpload(it -> it.bucket(bucket).key("parts")).uploadId();
        var large = new byte[5 * 1024 * 1024];
        var one = part(upload, 1, large);
        var two = part(upload, 2, new byte[] {1, 2, 3});
        assertThatThrownBy(() -> text("parts")).isInstanceOf(NoSuchKeyException.class);
        assertThat(s3.listParts(it -> it.bucket(bucket).key("parts").uploadId(upload)).parts())
                .extracting(Part::partNumber)
                .containsExactly(1, 2);
        assertRefused("InvalidPartOrder", () -> complete(upload, two, one));
        assertRefused(
                "InvalidPart", () -> complete(upload, one, two.toBuilder().eTag("\"0\"").build()));
        assertThat(complete(upload, one, two).eTag()).endsWith("-2\"");
        assertThat(s3.headObject(it -> it.bucket(bucket).key("parts")).contentLength())
                .isEqualTo(large.length + 3);
        assertRefused("NoSuchUpload", () -> complete(upload, one, two));

        var small = s3.createMultipartUpload(it -> it.bucket(bucket).key("parts")).uploadId();
        var first = part(small, 1, new byte[1]);
        var second = part(small, 2, new byte[1]);
        assertRefused("EntityTooSmall", () -> complete(small, first, second));
        s3.abortMultipartUpload(it -> it.bucket(bucket).key("parts").uploadId(small));
        assertThat(s3.listMultipartUploads(it -> it.bucket(bucket)).uploads()).isEmpty();
    }

    private CompletedPart part(String upload, int number, byte[] bytes) {
        var etag =
                s3.uploadPart(
                                it ->
                                        it.bucket(bucket)
                                                .key("parts")
                                                .uploadId(upload)
                                                .partNumber(number),
                                RequestBody.fromBytes(bytes))
                        .eTag();
        return CompletedPart.builder().partNumber(number).eTag(etag).build();
    }

    private CompleteMultipartUploadResponse complete(String upload, CompletedPart... parts) {
        return s3.completeMultipartUpload(
                it ->
                        it.bucket(bucket)
                                .key("parts")
                                .uploadId(upload)
                                .multipartUpload(all -> all.parts(parts)));
    }

    /// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html
    @Test
    void aFailedPreconditionIsRejected() {
        put("k", "first");
        var etag = s3.headObject(it -> it.bucket(bucket).key("k")).eTag();
        assertRefused(
                "PreconditionFailed",
                () ->
                        s3.putObject(
                                it -> it.bucket(bucket).key("k").ifNoneMatch("*"),
                                RequestBody.fromString("x")));
        s3.putObject(
                it -> it.bucket(bucket).key("k").ifMatch(etag), RequestBody.fromString("second"));
        assertRefused(
                "PreconditionFailed",
                () ->
                        s3.putObject(
                                it -> it.bucket(bucket).key("k").ifMatch(etag),
                                RequestBody.fromString("third")));
        assertRefused(
                "PreconditionFailed",
                () -> s3.getObjectAsBytes(it -> it.bucket(bucket).key("k").ifMatch(etag)));
        var current = s3.headObject(it -> it.bucket(bucket).key("k")).eTag();
        assertThatThrownBy(
                        () ->
                                s3.getObjectAsBytes(
                                        it -> it.bucket(bucket).key("k").ifNoneMatch(current)))
                .isInstanceOfSatisfying(
                        S3Exception.class, same -> assertThat(same.statusCode()).isEqualTo(304));
        assertThat(text("k")).isEqualTo("second");
    }

    /// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
    @Test
    void aCopyKeepsOrReplacesTheMetadataOfItsSource() {
        s3.putObject(
                it -> it.bucket(bucket).key("a b+c").metadata(Map.of("x", "1")).tagging("t=1"),
                RequestBody.fromString("content"));
        s3.copyObject(
                it ->
                        it.sourceBucket(bucket)
                                .sourceKey("a b+c")
                                .destinationBucket(bucket)
                                .destinationKey("same"));
        var same = s3.getObjectAsBytes(it -> it.bucket(bucket).key("same"));
        assertThat(same.asUtf8String()).isEqualTo("content");
        assertThat(same.response().metadata()).containsEntry("x", "1");
        assertThat(same.response().tagCount()).isEqualTo(1);
        s3.copyObject(
                it ->
                        it.sourceBucket(bucket)
                                .sourceKey("a b+c")
                                .destinationBucket(bucket)
                                .destinationKey("other")
                                .metadataDirective("REPLACE")
                                .metadata(Map.of("y", "2")));
        assertThat(s3.headObject(it -> it.bucket(bucket).key("other")).metadata())
                .isEqualTo(Map.of("y", "2"));
        assertRefused(
                "InvalidRequest",
                () ->
                        s3.copyObject(
                                it ->
                                        it.sourceBucket(bucket)
                                                .sourceKey("same")
                                                .destinationBucket(bucket)
                                                .destinationKey("same")));
    }

    /// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html
    @Test
    void onlyAnEmptyBucketIsDeleted() {
        put("a", "x");
        put("b", "x");
        assertRefused("BucketNotEmpty", () -> s3.deleteBucket(it -> it.bucket(bucket)));
        s3.deleteObjects(
                it ->
                        it.bucket(bucket)
                                .delete(
                                        d ->
                                                d.objects(
                                                        o -> o.key("a"),
                                                        o -> o.key("b"),
                                                        o -> o.key("never there"))));
        s3.deleteBucket(it -> it.bucket(bucket));
        assertThat(s3.listBuckets().buckets()).extracting(Bucket::name).doesNotContain(bucket);
        assertThatThrownBy(() -> s3.deleteBucket(it -> it.bucket(bucket)))
                .isInstanceOf(NoSuchBucketException.class);
    }

    private static void assertRefused(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        refused ->
                                assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code));
    }

    private void put(String key, String text) {
        s3.putObject(it -> it.bucket(bucket).key(key), RequestBody.fromString(text));
    }

    private String text(String key) {
        return s3.getObjectAsBytes(it -> it.bucket(bucket).key(key)).asUtf8String();
    }

    private static void isError(S3Exception refused, String code) {
        assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code);
        assertThat(refused.statusCode()).isEqualTo(400);
    }
}
