package dev.orderflow.defaults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Requests with an idempotency key, which may be repeated.
class IdempotentRequestsTest extends TestServiceFixture {

    @Autowired private JdbcClient jdbc;

    @Test
    void aRepeatedRequestGetsTheFirstResponseByteForByte() throws Exception {
        int before = items.granted.get();
        var first = post("replay", ITEM);
        var again = post("replay", " {\"count\":1, \"what\":\"mug\"} ");
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("Location"))
                .isEqualTo(first.headers().firstValue("Location"))
                .isPresent();
        assertThat(first.headers().firstValue("Idempotency-Replayed")).isEmpty();
        assertThat(again.headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(items.granted.get()).isEqualTo(before + 1);
    }

    @Test
    void aDifferentRequestWithTheSameKeyIsRejected() throws Exception {
        post("reused", ITEM);
        var other = post("reused", "{\"what\":\"mug\",\"count\":2}");
        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(other.body()).contains("problems/idempotency-key-reused");
    }

    @Test
    void aReleaseWithAnAdditionalFieldReplaysTheStoredResponse() throws Exception {
        var first = post("upgraded", ITEM);
        var again = postNext("upgraded", ITEM);
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("Idempotency-Replayed")).contains("true");
    }

    /// The caller would interpret a 400 as "not executed" and order elsewhere.
    @Test
    void aReleaseWithStricterRulesReplaysTheStoredResponse() throws Exception {
        var many = "{\"what\":\"mug\",\"count\":11}";
        var first = post("stricter", many);
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(postNext("stricter", many).body()).isEqualTo(first.body());
        assertThat(postNext("stricter", "{\"what\":\"mug\",\"count\":12}").statusCode())
                .isEqualTo(400);
        assertThat(postNext("stricter-new", many).statusCode()).isEqualTo(400);
    }

    /// A fingerprint of an unknown version cannot be compared.
    @Test
    void aFingerprintOfAnotherVersionEqualsNone() throws Exception {
        post("other-version", ITEM);
        jdbc.sql(
                        """
                        UPDATE idempotency_key SET fingerprint = decode(repeat('ab', 32), 'hex')
                        WHERE key = 'other-version'
                        """)
                .update();
        assertThat(post("other-version", ITEM).statusCode()).isEqualTo(422);
    }

    @Test
    void theSameKeyOfAnotherCallerIsAnotherKey() throws Exception {
        var mine = post("shared", ITEM);
        var theirs = post("shared", ITEM, "Caller", "somebody-else");
        assertThat(theirs.statusCode()).isEqualTo(201);
        assertThat(theirs.body()).isNotEqualTo(mine.body());
    }

    @Test
    void aRequestWhileTheFirstIsInProgressIsAnsweredWithRetryAfter() throws Exception {
        items.gate = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> post("in-flight", ITEM));
            await().until(() -> advisoryLocks() == 1);
            var meanwhile = post("in-flight", ITEM);
            items.gate.countDown();
            assertThat(meanwhile.statusCode()).isEqualTo(409);
            assertThat(meanwhile.body()).contains("problems/request-in-flight");
            assertThat(meanwhile.headers().firstValue("Retry-After")).isPresent();
            assertThat(first.get().statusCode()).isEqualTo(201);
        } finally {
            items.gate.countDown();
        }
    }

    /// A request that loses the race for the lock may execute, too, and is rolled back. Only the
    /// responses count.
    @Test
    void concurrentRequestsWithOneKeyTakeEffectOnce() throws Exception {
        var granted = new HashSet<String>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers =
                    IntStream.range(0, 40)
                            .mapToObj(_ -> threads.submit(() -> post("stampede", ITEM)))
                            .toList();
            for (var answer : answers) {
                assertThat(answer.get().statusCode()).isIn(201, 409);
                if (answer.get().statusCode() == 201) {
                    granted.add(answer.get().body());
                }
            }
        }
        granted.add(post("stampede", ITEM).body());
        assertThat(granted).hasSize(1);
    }

    @Test
    void aFailedOperationLeavesTheKeyUnused() throws Exception {
        assertThat(post("failed", "{\"what\":\"trouble\",\"count\":1}").statusCode())
                .isEqualTo(500);
        assertThat(post("failed", ITEM).statusCode()).isEqualTo(201);
    }

    @Test
    void anExpiredKeyCanBeUsedAgain() throws Exception {
        var first = post("expired", ITEM);
        jdbc.sql("UPDATE idempotency_key SET expires_at = now() WHERE key = 'expired'").update();
        var later = post("expired", "{\"what\":\"mug\",\"count\":2}");
        assertThat(later.statusCode()).isEqualTo(201);
        assertThat(later.body()).isNotEqualTo(first.body());
    }

    @Test
    void aMissingOrMalformedKeyIsRefused() throws Exception {
        var missing =
                send(
                        request("/items")
                                .header("X-Api-Key", KEY)
                                .header("Content-Type", "application/json")
                                .POST(json(ITEM)));
        assertThat(missing.statusCode()).isEqualTo(400);
        assertThat(missing.body()).contains("problems/idempotency-key-missing");
        assertThat(post("with space", ITEM).body()).contains("problems/idempotency-key-malformed");
        assertThat(post("x".repeat(256), ITEM).statusCode()).isEqualTo(400);
        assertThat(post("x".repeat(255), ITEM).statusCode()).isEqualTo(201);
    }

    /// RFC 9110, 5.3: two lines are one list, and a list is no key.
    @Test
    void aKeyThatIsSentTwiceIsRefusedAndDoesNothing() throws Exception {
        var twice =
                send(
                        request("/items")
                                .header("X-Api-Key", KEY)
                                .header("Idempotency-Key", "sent-twice")
                                .header("Idempotency-Key", "sent-twice")
                                .header("Content-Type", "application/json")
                                .POST(json(ITEM)));
        assertThat(twice.statusCode()).isEqualTo(400);
        assertThat(twice.body()).contains("problems/idempotency-key-malformed");
        assertThat(post("sent-twice", ITEM).headers().firstValue("Idempotency-Replayed")).isEmpty();
    }

    @Test
    void aKeyInQuotesIsTheSameKey() throws Exception {
        var first = post("quoted", ITEM);
        assertThat(post("\"quoted\"", ITEM).body()).isEqualTo(first.body());
        assertThat(post("\"quoted", ITEM).statusCode()).isEqualTo(400);
    }

    private int advisoryLocks() {
        return jdbc.sql(
                        """
                        SELECT count(*) FROM pg_locks
                        WHERE locktype = 'advisory'
                          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                        """)
                .query(Integer.class)
                .single();
    }

    private HttpResponse<String> postNext(String key, String body)
            throws IOException, InterruptedException {
        return send(
                request("/next-release/items")
                        .header("X-Api-Key", KEY)
                        .header("Idempotency-Key", key)
                        .header("Content-Type", "application/json")
                        .POST(json(body)));
    }
}
