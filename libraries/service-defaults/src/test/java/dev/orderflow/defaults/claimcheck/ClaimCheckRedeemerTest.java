package dev.orderflow.defaults.claimcheck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.fixture.AwsHttpStub;
import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import dev.orderflow.defaults.text.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.json.JsonMapper;

class ClaimCheckRedeemerTest {

    private static final String DETAIL = "{\"eventId\":\"o/OrderCreated\",\"amount\":1.10,\"ü\":1}";
    private static final String KEY = "events/o/OrderCreated.json";

    private final HttpStub store = new HttpStub(_ -> new StubResponse(200, DETAIL));
    private final AtomicInteger clients = new AtomicInteger();
    private final S3Client s3 = AwsHttpStub.client(store, S3Client.builder().forcePathStyle(true));
    private final ClaimCheckRedeemer claimChecks =
            new ClaimCheckRedeemer(
                    "ours",
                    () -> {
                        clients.incrementAndGet();
                        return s3;
                    });

    @AfterEach
    void close() {
        s3.close();
    }

    @Test
    void aClaimCheckIsRedeemedForTheDetailThatWasPublished() {
        var claim = claimChecks.redeem(message("ours", bytes(DETAIL).length, Sha256.hex(DETAIL)));
        assertThat(claim)
                .isInstanceOfSatisfying(
                        ClaimCheckResult.CompleteMessage.class,
                        whole -> {
                            assertThat(whole.body()).contains("\"detail\":" + DETAIL);
                            var event = JsonMapper.shared().readTree(whole.body());
                            assertThat(event.path("detail-type").asString())
                                    .isEqualTo("OrderCreated");
                            assertThat(event.path("replay-name").asString()).isEqualTo("rebuild");
                            assertThat(event.path("detail"))
                                    .isEqualTo(JsonMapper.shared().readTree(DETAIL));
                        });
        assertThat(store.requests(_ -> true))
                .singleElement()
                .satisfies(asked -> assertThat(asked.path()).isEqualTo("/ours/" + KEY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json, but \"claimCheck\"",
                "[\"claimCheck\"]",
                "{\"detail\":{\"eventId\":\"e\"}}",
                "{\"detail\":{\"claimCheck\":\"text\"}}",
                "{\"detail\":\"claimCheck\"}",
                "{\"claimCheck\":{}}",
                "{\"command\":\"ArrangeShipment\"}"
            })
    void aMessageWithoutClaimCheckIsUnchangedAndCreatesNoClient(String body) {
        assertThat(claimChecks.redeem(body)).isEqualTo(new ClaimCheckResult.CompleteMessage(body));
        assertThat(clients).hasValue(0);
    }

    @Test
    void anObjectWithAnotherSizeOrHashCannotBeRedeemed() {
        int length = bytes(DETAIL).length;
        assertThat(claimChecks.redeem(message("ours", length + 1, Sha256.hex(DETAIL))))
                .isEqualTo(
                        new ClaimCheckResult.Unredeemable(
                                "size of the object differs from the claim check"));
        assertThat(claimChecks.redeem(message("ours", length - 1, Sha256.hex(DETAIL))))
                .isEqualTo(
                        new ClaimCheckResult.Unredeemable(
                                "size of the object differs from the claim check"));
        assertThat(claimChecks.redeem(message("ours", length, Sha256.hex("other"))))
                .isEqualTo(
                        new ClaimCheckResult.Unredeemable(
                                "hash of the object differs from the claim check"));
    }

    @Test
    void aMissingObjectCannotBeRedeemed() {
        store.respondWith(_ -> new StubResponse(404, error("NoSuchKey")));
        assertThat(claimChecks.redeem(message("ours", 10, Sha256.hex(DETAIL))))
                .isEqualTo(
                        new ClaimCheckResult.Unredeemable(
                                "object of the claim check does not exist"));
    }

    @Test
    void anUntrustedBucketIsNeverRead() {
        assertThat(claimChecks.redeem(message("theirs", 10, Sha256.hex(DETAIL))))
                .isEqualTo(
                        new ClaimCheckResult.Unredeemable("claim check names an untrusted bucket"));
        assertThat(new ClaimCheckRedeemer("", () -> s3).redeem(message("", 10, Sha256.hex(DETAIL))))
                .isEqualTo(
                        new ClaimCheckResult.Unredeemable("claim check names an untrusted bucket"));
        assertThat(clients).hasValue(0);
        assertThat(store.requests(_ -> true)).isEmpty();
    }

    @Test
    void anObjectAboveTheLimitIsNeverRead() {
        assertThat(
                        claimChecks.redeem(
                                message(
                                        "ours",
                                        ClaimCheckRedeemer.MAX_DETAIL_BYTES + 1,
                                        Sha256.hex(DETAIL))))
                .isEqualTo(
                        new ClaimCheckResult.Unredeemable(
                                "claim check names an object of more than 8388608 bytes"));
        assertThat(store.requests(_ -> true)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"bucket\":\"ours\",\"key\":\" \",\"bytes\":1,\"sha256\":\"00\"}",
                "{\"bucket\":\"ours\",\"key\":\"../theirs/k\",\"bytes\":1,\"sha256\":\"00\"}",
                "{\"bucket\":\"ours\",\"key\":\"/k\",\"bytes\":1,\"sha256\":\"00\"}",
                "{\"bucket\":\"ours\",\"key\":\"k\\r\\nk\",\"bytes\":1,\"sha256\":\"00\"}",
                "{\"bucket\":\"ours\",\"key\":\"k\\u0000\",\"bytes\":1,\"sha256\":\"00\"}",
                "{\"bucket\":\"ours\",\"key\":\"k?lifecycle\",\"bytes\":1,\"sha256\":\"00\"}",
                "{\"bucket\":\"ours\",\"key\":\"k\",\"bytes\":0,\"sha256\":\"00\"}",
                "{\"bucket\":\"ours\",\"key\":\"k\",\"bytes\":\"1\",\"sha256\":\"00\"}",
                "{\"bucket\":\"ours\",\"key\":\"k\",\"bytes\":1}",
                "{\"bucket\":1,\"key\":\"k\",\"bytes\":1,\"sha256\":\"00\"}"
            })
    void anIncompleteClaimCheckCannotBeRedeemed(String claimCheck) {
        assertThat(claimChecks.redeem("{\"detail\":{\"claimCheck\":" + claimCheck + "}}"))
                .isEqualTo(
                        new ClaimCheckResult.Unredeemable(
                                "claim check has an invalid bucket, key, size or hash"));
    }

    @Test
    void anUnavailableOrForbiddenBucketDoesNotRejectTheMessage() {
        for (var code : new String[] {"AccessDenied", "NoSuchBucket", "SlowDown"}) {
            store.respondWith(
                    _ -> new StubResponse(code.equals("SlowDown") ? 503 : 403, error(code)));
            assertThat(claimChecks.redeem(message("ours", 10, Sha256.hex(DETAIL))))
                    .isInstanceOf(ClaimCheckResult.StorageUnavailable.class);
        }
        store.respondWith(_ -> new StubResponse(0, ""));
        assertThat(claimChecks.redeem(message("ours", 10, Sha256.hex(DETAIL))))
                .isInstanceOf(ClaimCheckResult.StorageUnavailable.class);
    }

    @Test
    void aKeyThatIsTooLongIsNotRetried() {
        var claimCheck =
                "{\"bucket\":\"ours\",\"key\":\"%s\",\"bytes\":1,\"sha256\":\"00\"}"
                        .formatted("k".repeat(200_000));
        assertThat(claimChecks.redeem("{\"detail\":{\"claimCheck\":" + claimCheck + "}}"))
                .isInstanceOf(ClaimCheckResult.Unredeemable.class);
    }

    private static String message(String bucket, int bytes, String sha256) {
        return """
               {"version":"0","id":"1","detail-type":"OrderCreated","replay-name":"rebuild",
                "detail":{"eventId":"o/OrderCreated","claimCheck":{"bucket":"%s","key":"%s","bytes":%d,"sha256":"%s"}}}"""
                .formatted(bucket, KEY, bytes, sha256);
    }

    private static String error(String code) {
        return "<Error><Code>%s</Code><Message>no</Message></Error>".formatted(code);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
