package dev.orderflow.localcloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.StorageClass;

/// The behaviour of S3 that is specific to the local cloud.
class S3ObjectsTest {

    private static final String SIGNED =
            "AWS4-HMAC-SHA256 Credential=test/20261101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";

    private static LocalCloud cloud;
    private static S3Client s3;

    @BeforeAll
    static void start() {
        cloud = LocalCloud.builder().start();
        s3 = client(cloud);
        s3.createBucket(create -> create.bucket("objects"));
    }

    @AfterAll
    static void stop() {
        s3.close();
        cloud.close();
    }

    @Test
    void unsupportedFeaturesAreRejectedByName() {
        assertThatThrownBy(
                        () ->
                                s3.putObject(
                                        it ->
                                                it.bucket("objects")
                                                        .key("k")
                                                        .storageClass(StorageClass.GLACIER.name()),
                                        RequestBody.fromString("x")))
                .hasMessageContaining("does not support the storage class GLACIER")
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        refused -> {
                            assertThat(refused.statusCode()).isEqualTo(501);
                            assertThat(refused.awsErrorDetails().errorCode())
                                    .isEqualTo("NotImplemented");
                        });
        assertThatThrownBy(
                        () ->
                                s3.putBucketVersioning(
                                        it ->
                                                it.bucket("objects")
                                                        .versioningConfiguration(
                                                                to -> to.status("Enabled"))))
                .hasMessageContaining("does not support PutBucketVersioning");
        assertThatThrownBy(
                        () ->
                                s3.putBucketEncryption(
                                        it ->
                                                it.bucket("objects")
                                                        .serverSideEncryptionConfiguration(
                                                                to ->
                                                                        to.rules(
                                                                                rule ->
                                                                                        rule
                                                                                                .applyServerSideEncryptionByDefault(
                                                                                                        by ->
                                                                                                                by
                                                                                                                        .sseAlgorithm(
                                                                                                                                "aws:kms"))))))
                .hasMessageContaining("does not support SSEAlgorithm aws:kms");
        assertThatThrownBy(
                        () ->
                                s3.putObject(
                                        it ->
                                                it.bucket("objects")
                                                        .key("k")
                                                        .objectLockLegalHoldStatus("ON"),
                                        RequestBody.fromString("x")))
                .hasMessageContaining("does not support the header x-amz-object-lock-legal-hold");
        assertThatThrownBy(() -> s3.restoreObject(it -> it.bucket("objects").key("k")))
                .hasMessageContaining("does not support the query parameter restore");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<Transition><Days>1</Days></Transition> | 501",
                "<NoncurrentVersionExpiration/> | 400",
                "<NoncurrentVersionExpiration><NewerNoncurrentVersions>1</NewerNoncurrentVersions></NoncurrentVersionExpiration> | 501",
                "<AbortIncompleteMultipartUpload><DaysAfterInitiation>0</DaysAfterInitiation></AbortIncompleteMultipartUpload> | 400",
                "<Filter><Tag><Key>a</Key></Tag></Filter> | 501",
                "<Expiration><Date>2026-01-01</Date></Expiration> | 501",
                "<Expiration><Days>0</Days></Expiration> | 400",
                "<Expiration><Days>soon</Days></Expiration> | 400",
                "<Status>Perhaps</Status> | 400",
                "<Status> | 400"
            })
    void anUnsupportedLifecycleIsRejected(String part, int status) throws Exception {
        var rule =
                part.startsWith("<Expiration")
                        ? part + "<Status>Enabled</Status>"
                        : part + "<Expiration><Days>1</Days></Expiration>";
        assertThat(
                        send(
                                        "PUT",
                                        "/objects?lifecycle",
                                        "<LifecycleConfiguration><Rule>"
                                                + rule
                                                + "</Rule></LifecycleConfiguration>")
                                .statusCode())
                .isEqualTo(status);
    }

    @Test
    void aLifecycleWithADoctypeIsRefused() throws Exception {
        var refused =
                send(
                        "PUT",
                        "/objects?lifecycle",
                        "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("<Code>MalformedXML</Code>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "zz\r\nx\r\n0\r\n\r\n",
                "fffffff\r\nx\r\n0\r\n\r\n",
                "5\r\nhello0\r\n\r\n",
                "4\r\nhell\r\n0\r\n\r\n",
                "5\r\nhello\r\n0\r\nx-amz-checksum-crc32\r\n\r\n",
                "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n"
            })
    void inconsistentChunksAreRejected(String chunks) throws Exception {
        var refused =
                send(
                        "PUT",
                        "/objects/chunks",
                        chunks,
                        "x-amz-content-sha256",
                        "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                        "x-amz-decoded-content-length",
                        "5");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("<Error><Code>");
        assertThat(send("GET", "/objects/chunks", "").statusCode()).isEqualTo(404);
    }

    @Test
    void signedChunksWithATrailerAreDecoded() throws Exception {
        var taken =
                send(
                        "PUT",
                        "/objects/signed",
                        "3;chunk-signature=0\r\nhel\r\n2;chunk-signature=0\r\nlo\r\n0;chunk-signature=0\r\n"
                                + "x-amz-checksum-crc32:NhCmhg==\r\nx-amz-trailer-signature:0\r\n\r\n",
                        "x-amz-content-sha256",
                        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
                        "x-amz-decoded-content-length",
                        "5");
        assertThat(taken.statusCode()).isEqualTo(200);
        assertThat(send("GET", "/objects/signed", "").body()).isEqualTo("hello");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/Not_A_Bucket",
                "/ab",
                "/-abc",
                "/a%20bucket",
                "/a..b",
                "/10.0.0.1",
                "/xn--abc",
                "/abc-s3alias",
                "/abc--x-s3"
            })
    void anInvalidBucketNameIsRejected(String path) throws Exception {
        var refused = send("PUT", path, "");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("<Code>InvalidBucketName</Code>");
    }

    @Test
    void aKeyOfMoreThanAKilobyteIsRefused() {
        assertThatThrownBy(
                        () ->
                                s3.putObject(
                                        it -> it.bucket("objects").key("k".repeat(1025)),
                                        RequestBody.fromString("x")))
                .hasMessageContaining("Your key is too long");
    }

    @Test
    void anObjectWhoseKeyLooksLikeAnotherServicesPathIsAnObject() {
        s3.createBucket(create -> create.bucket("service"));
        s3.putObject(
                it -> it.bucket("service").key("AWSEvents/operation/PutEvents"),
                RequestBody.fromString("x"));
        assertThat(
                        s3.getObjectAsBytes(
                                        it ->
                                                it.bucket("service")
                                                        .key("AWSEvents/operation/PutEvents"))
                                .asUtf8String())
                .isEqualTo("x");
    }

    @Test
    void objectsBelowThePrefixExpireInCloudTime() {
        try (var hurried = LocalCloud.builder().clockFactor(1_000_000).start();
                var client = client(hurried)) {
            client.createBucket(create -> create.bucket("ageing"));
            client.putBucketLifecycleConfiguration(
                    it ->
                            it.bucket("ageing")
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
                                                                                            after
                                                                                                    .days(
                                                                                                            1)))));
            client.putObject(
                    it -> it.bucket("ageing").key("events/e"), RequestBody.fromString("x"));
            client.putObject(it -> it.bucket("ageing").key("kept"), RequestBody.fromString("x"));
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(
                            () ->
                                    assertThatThrownBy(
                                                    () ->
                                                            client.headObject(
                                                                    it ->
                                                                            it.bucket("ageing")
                                                                                    .key(
                                                                                            "events/e")))
                                            .isInstanceOf(NoSuchKeyException.class));
            client.headObject(it -> it.bucket("ageing").key("kept"));
        }
    }

    @Test
    void incompleteUploadsExpire() {
        try (var hurried = LocalCloud.builder().clockFactor(1_000_000).start();
                var client = client(hurried)) {
            client.createBucket(create -> create.bucket("ageing"));
            client.putBucketLifecycleConfiguration(
                    it ->
                            it.bucket("ageing")
                                    .lifecycleConfiguration(
                                            all ->
                                                    all.rules(
                                                            rule ->
                                                                    rule.id("abort")
                                                                            .filter(
                                                                                    f ->
                                                                                            f
                                                                                                    .prefix(
                                                                                                            ""))
                                                                            .status("Enabled")
                                                                            .abortIncompleteMultipartUpload(
                                                                                    a ->
                                                                                            a
                                                                                                    .daysAfterInitiation(
                                                                                                            1)))));
            client.createMultipartUpload(it -> it.bucket("ageing").key("k"));
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(
                            () ->
                                    assertThat(
                                                    client.listMultipartUploads(
                                                                    it -> it.bucket("ageing"))
                                                            .uploads())
                                            .isEmpty());
        }
    }

    @Test
    void aBucketInTheHostNameIsUsed() throws Exception {
        s3.putObject(
                it -> it.bucket("objects").key("hosted/k"), RequestBody.fromString("in the host"));
        try (var socket =
                new java.net.Socket(cloud.endpoint().getHost(), cloud.endpoint().getPort())) {
            socket.getOutputStream()
                    .write(
                            ("GET /hosted/k HTTP/1.1\r\nHost: objects.localhost:1\r\nAuthorization: "
                                            + SIGNED
                                            + "\r\nConnection: close\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 200")
                    .endsWith("in the host");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-0 | 206 | 0 | bytes 0-0/10",
                "bytes=3- | 206 | 3456789 | bytes 3-9/10",
                "bytes=-2 | 206 | 89 | bytes 8-9/10",
                "bytes=-20 | 206 | 0123456789 | bytes 0-9/10",
                "bytes=8-99 | 206 | 89 | bytes 8-9/10",
                "bytes=5-4 | 200 | 0123456789 | ''",
                "bytes=0-1,3-4 | 200 | 0123456789 | ''",
                "lines=0-1 | 200 | 0123456789 | ''"
            })
    void aRangeIsReturnedAndAnInvalidOneIsIgnored(
            String range, int status, String body, String contentRange) throws Exception {
        s3.putObject(it -> it.bucket("objects").key("ten"), RequestBody.fromString("0123456789"));
        var answer = send("GET", "/objects/ten", "", "Range", range);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo(body);
        assertThat(answer.headers().firstValue("Content-Range").orElse("")).isEqualTo(contentRange);
        assertThat(send("GET", "/objects/ten", "", "Range", "bytes=10-").body())
                .contains("<Code>InvalidRange</Code>");
    }

    private static S3Client client(LocalCloud cloud) {
        return S3Client.builder()
                .endpointOverride(cloud.endpoint())
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create("test", "test")))
                .build();
    }

    private static HttpResponse<String> send(
            String method, String path, String body, String... headers) throws Exception {
        var request =
                HttpRequest.newBuilder(URI.create(cloud.endpoint() + path))
                        .header("Authorization", SIGNED)
                        .method(
                                method,
                                HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
