package dev.orderflow.localcloud.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

class S3ConformanceTest {

    private static final S3Client s3 =
            CloudUnderTest.client(S3Client.builder().forcePathStyle(true));

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
    void whatIsPutIsGotByteForByte() {
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
    void aKeyIsAnyText(String key) {
        put(key, key);
        assertThat(text(key)).isEqualTo(key);
    }

    @Test
    void anEmptyObjectIsAnObject() {
        put("empty", "");
        assertThat(text("empty")).isEmpty();
        assertThat(s3.headObject(it -> it.bucket(bucket).key("empty")).contentLength()).isZero();
    }

    @Test
    void severalMegabytesAreTaken() {
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
            names = {"CRC32", "SHA1", "SHA256"})
    void aChecksumIsComparedAndToldAgain(ChecksumAlgorithm algorithm) {
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
    void contentThatIsNotWhatItsDigestSaysIsRefused() {
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
    void aMissingObjectIsToldFromAMissingBucket() {
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
    void aBucketIsThereOrNot() {
        s3.headBucket(it -> it.bucket(bucket));
        assertThatThrownBy(() -> s3.headBucket(it -> it.bucket("no-such-bucket-1")))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        missing -> assertThat(missing.statusCode()).isEqualTo(404));
    }

    /// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html: in us-east-1 one's
    /// own bucket may be created again.
    @Test
    void aBucketMadeAgainKeepsItsObjects() {
        put("k", "kept");
        s3.createBucket(create -> create.bucket(bucket));
        assertThat(text("k")).isEqualTo("kept");
    }

    /// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html: also of none, 204.
    @Test
    void aDeletedObjectIsGoneAndDeletingAgainDoesNoHarm() {
        put("k", "x");
        s3.deleteObject(it -> it.bucket(bucket).key("k"));
        s3.deleteObject(it -> it.bucket(bucket).key("k"));
        assertThatThrownBy(() -> text("k")).isInstanceOf(NoSuchKeyException.class);
    }

    /// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLifecycleConfiguration.html
    @Test
    void theRuleThatExpiresObjectsReadsBack() {
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
