package dev.orderflow.localcloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// S3 refuses with the names of its own errors.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class S3RefusalsTest {

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final LocalCloud cloud = LocalCloud.builder().start();
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    void make() throws Exception {
        assertThat(send(signed("/bkt").PUT(BodyPublishers.noBody())).statusCode()).isEqualTo(200);
        assertThat(send(signed("/bkt/key").PUT(BodyPublishers.ofString("x"))).statusCode())
                .isEqualTo(200);
    }

    @AfterAll
    void close() {
        http.close();
        cloud.close();
    }

    @ParameterizedTest
    @CsvSource({
        "Content-MD5, zz, 400, InvalidDigest",
        "Content-MD5, eno=, 400, InvalidDigest",
        "Content-MD5, 1B2M2Y8AsgTpgAmY7PhCfg==, 400, BadDigest",
        "x-amz-checksum-crc32, zz, 400, InvalidRequest",
        "x-amz-checksum-crc32, !, 400, InvalidRequest",
        "x-amz-checksum-sha256, AAAAAA==, 400, InvalidRequest",
        "x-amz-checksum-crc32, AAAAAA==, 400, BadDigest",
        "x-amz-storage-class, FOO, 400, InvalidStorageClass",
        "x-amz-storage-class, GLACIER, 501, NotImplemented",
        "x-amz-server-side-encryption, foo, 400, InvalidEncryptionAlgorithmError",
        "x-amz-server-side-encryption, aws:kms, 501, NotImplemented"
    })
    void aHeaderThatS3RefusesIsRefusedByItsName(
            String header, String value, int status, String code) throws Exception {
        var answer =
                send(signed("/bkt/new").header(header, value).PUT(BodyPublishers.ofString("x")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains("<Code>" + code + "</Code>");
    }

    @ParameterizedTest
    @CsvSource({
        "-60, 120, 200, x",
        "-60, 59, 403, Request has expired",
        "-60, abc, 400, AuthorizationQueryParametersError",
        "-60, -1, 400, AuthorizationQueryParametersError",
        "-60, 604801, 400, AuthorizationQueryParametersError"
    })
    void aPresignedUrlMayBeUsedUntilItExpires(
            int signedSeconds, String expires, int status, String body) throws Exception {
        var date = DATE.format(Instant.now().plusSeconds(signedSeconds));
        var answer = send(presigned("X-Amz-Date=" + date + "&X-Amz-Expires=" + expires));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Amz-Date=zz&X-Amz-Expires=60",
                "X-Amz-Expires=60",
                "X-Amz-Date=20260101T000000Z"
            })
    void aPresignedUrlWithoutAnExpiryIsRefused(String query) throws Exception {
        var answer = send(presigned(query));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("AuthorizationQueryParametersError");
    }

    private HttpRequest.Builder presigned(String query) {
        return HttpRequest.newBuilder(
                        cloud.endpoint()
                                .resolve(
                                        "/bkt/key?X-Amz-Algorithm=AWS4-HMAC-SHA256"
                                                + "&X-Amz-Credential=test/20260101/us-east-1/s3/aws4_request"
                                                + "&X-Amz-SignedHeaders=host&X-Amz-Signature=x&"
                                                + query))
                .GET();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bkt.s3.amazonaws.com",
                "bkt.s3.us-east-1.amazonaws.com",
                "bkt.s3-us-west-2.amazonaws.com",
                "bkt.s3.dualstack.eu-west-1.amazonaws.com",
                "bkt.s3.localhost:4566",
                "bkt.localhost",
                "BKT.S3.eu-central-1.AMAZONAWS.com"
            })
    void aBucketInTheHostNameIsRecognised(String host) throws Exception {
        assertThat(raw("/key", host)).contains("200 OK").endsWith("x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3.amazonaws.com",
                "s3.us-east-1.amazonaws.com",
                "s3-us-west-2.amazonaws.com",
                "s3.dualstack.eu-west-1.amazonaws.com",
                "s3.localhost",
                "localhost:4566",
                "127.0.0.1"
            })
    void theBucketIsReadFromThePathIfTheHostNameHasNone(String host) throws Exception {
        assertThat(raw("/bkt/key", host)).contains("200 OK").endsWith("x");
    }

    private String raw(String path, String host) throws IOException {
        try (var socket = new Socket("127.0.0.1", cloud.endpoint().getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write(
                            "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nAuthorization: %s\r\n\r\n"
                                    .formatted(path, host, credential())
                                    .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static String credential() {
        return "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request";
    }

    private HttpRequest.Builder signed(String path) {
        return HttpRequest.newBuilder(cloud.endpoint().resolve(path))
                .header("Authorization", credential());
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
