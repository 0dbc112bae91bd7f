package dev.orderflow.defaults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.defaults.fixture.PostgresFixture;
import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.defaults.inbox.Inbox;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = "spring.config.name=defaults-test")
@ContextConfiguration(initializers = {PostgresFixture.class, SqsFixture.class})
class ServiceDefaultsTest {

    private static final String KEY = "test-internal-api-key";
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String ITEM = "{\"what\":\"mug\",\"count\":1}";

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;
    private final TestService.TestController items;
    private final TestService.TestListeners listeners;
    private final Inbox inbox;
    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;

    @Autowired
    ServiceDefaultsTest(
            @LocalServerPort int port,
            TestService.TestController items,
            TestService.TestListeners listeners,
            Inbox inbox,
            JdbcClient jdbc,
            TransactionTemplate transactions) {
        this.port = port;
        this.items = items;
        this.listeners = listeners;
        this.inbox = inbox;
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    @BeforeAll
    static void queues() {
        SqsFixture.createQueue("single", 3);
        SqsFixture.createQueue("batch", 3);
    }

    // Requests that may be sent again

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

    // Problems

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "{",
                "[]",
                "\"x\"",
                "{\"what\":1,\"count\":1}",
                "{\"what\":\"mug\",\"count\":\"1\"}",
                "{\"what\":\"mug\",\"count\":1.5}",
                "{\"what\":\"mug\",\"count\":99999999999}",
                "{\"what\":\"mug\",\"count\":1,\"price\":0}",
                "{\"what\":\"mug\",\"count\":1,\"count\":2}",
                "{\"what\":\"mug\"}",
                "{\"what\":\"mug\",\"count\":1} {}"
            })
    void aBodyThatDoesNotMatchTheApiIsMalformed(String body) throws Exception {
        var answer = post("hostile", body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(
                        type -> assertThat(type).startsWith("application/problem+json"));
        assertThat(answer.body())
                .contains("problems/malformed-body")
                .doesNotContain("tools.jackson", "java.", "Exception");
    }

    @Test
    void anInvalidValueIsExplained() throws Exception {
        assertThat(post("explained", "{\"what\":\"mug\",\"count\":0}").body())
                .contains("`count` must be at least 1 but was 0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            textBlock =
                    """
                    [] | The body must be an object.
                    "x" | The body must be an object.
                    {"what":1,"count":1} | `what` must be text.
                    {"what":"mug","count":"1"} | `count` must be a whole number.
                    {"what":"mug","count":1.5} | `count` must be a whole number.
                    {"what":"mug","count":99999999999} | `count` must be a whole number in its range.
                    {"what":"mug","count":1e400} | `count` must be a whole number.
                    {"what":"mug","count":null} | `count` must not be null.
                    {"what":"mug","count":1,"price":0} | `price` is not a known field.
                    {"what":"mug"} | `count` must be sent.
                    {"what":null,"count":1} | `what` must not be null.
                    {"what":"mug","count":1,"count":2} | Duplicate member at line 1, column 32.
                    {"what":"mug" | Invalid JSON at line 1, column 14.
                    """)
    void anUnreadableBodyIsExplainedInTermsOfTheApi(String body, String detail) throws Exception {
        assertThat(JSON.readTree(post("words", body).body()).path("detail").asString())
                .isEqualTo(detail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    /internal/pages/x | `id` must be a UUID such as 0197f2a4-6c1e-7bd3-9f51-3c8a4b7d2e60.
                    /internal/pages/ID?limit=x | `limit` must be a whole number from 1 to 100.
                    /internal/pages/ID?limit=99999999999 | `limit` must be a whole number from 1 to 100.
                    /internal/pages/ID?limit=1e2 | `limit` must be a whole number from 1 to 100.
                    /internal/pages/ID?limit=1&limit=2 | `limit` must be sent once.
                    /internal/pages/ID?limit=1&limit=1 | `limit` must be sent once.
                    /internal/pages/ID?after=mug | `after` must be 1 to 40 upper-case letters, digits or dashes.
                    /internal/pages/ID?after=A&after=B | `after` must be sent once.
                    /internal/pages/ID?size=huge | `size` must be one of SMALL, LARGE.
                    /internal/pages/ID?size=0 | `size` must be one of SMALL, LARGE.
                    /internal/required?word=x | `Page-Token` must be sent.
                    /internal/required | `word` must be sent.
                    """)
    void anInvalidParameterIsExplainedInTermsOfTheApi(String path, String detail) throws Exception {
        var answer = getWithKey(path);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("problems/invalid-request");
        assertThat(JSON.readTree(answer.body()).path("detail").asString()).isEqualTo(detail);
    }

    @Test
    void aParameterThatTakesManyMayBeSentTwice() throws Exception {
        var answer = getWithKey("/internal/pages/ID?words=a&words=b");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("[a, b]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Page-Token", "Authorization", "X-Api-Key", "Content-Type"})
    void aRepeatedHeaderIsRejected(String header) throws Exception {
        var request =
                request("/internal/pages/" + UUID.randomUUID())
                        .GET()
                        .header("X-Api-Key", KEY)
                        .header(header, KEY);
        if (!header.equals("X-Api-Key")) {
            request.header(header, KEY);
        }
        var answer = send(request);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("`" + header + "` must be sent once.");
    }

    /// A machine in Germany, a caller in France.
    @Test
    void problemsAreInEnglishWhateverTheLocale() throws Exception {
        var before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            var answer =
                    send(
                            request("/internal/pages/" + UUID.randomUUID() + "?limit=0&word=1")
                                    .header("X-Api-Key", KEY)
                                    .header("Accept-Language", "fr")
                                    .GET());
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body())
                    .contains("must be at least 1", "must have the documented form")
                    .doesNotContain("[a-z]");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void aDeeplyNestedBodyIsRejected() throws Exception {
        assertThat(post("deep", "{\"what\":" + "[".repeat(60_000)).statusCode()).isEqualTo(400);
    }

    @Test
    void aBodyAboveTheLimitIsRejectedWithAndWithoutContentLength() throws Exception {
        var tooLarge = "{\"what\":\"" + "x".repeat(64 * 1024) + "\",\"count\":1}";
        assertThat(post("large", tooLarge).statusCode()).isEqualTo(413);
        var streamed =
                send(
                        request("/items")
                                .header("X-Api-Key", KEY)
                                .header("Idempotency-Key", "large")
                                .header("Content-Type", "application/json")
                                .POST(
                                        HttpRequest.BodyPublishers.ofInputStream(
                                                () -> bytes(tooLarge))));
        assertThat(streamed.statusCode()).isEqualTo(413);
        assertThat(streamed.body()).contains("problems/body-too-large");
    }

    @Test
    void anUnexpectedExceptionIsNotDescribedToTheCaller() throws Exception {
        var answer = post("ours", "{\"what\":\"trouble\",\"count\":1}");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body())
                .contains("problems/internal-error")
                .doesNotContain("secret-detail-of-ours", "IllegalState");
    }

    @Test
    void unknownPathsMethodsAndTypesAreProblemsToo() throws Exception {
        assertThat(send(request("/nowhere").GET()).body()).contains("problems/not-found");
        assertThat(send(request("/error").GET()).body()).contains("problems/not-found");
        assertThat(send(request("/items").DELETE()).body()).contains("problems/method-not-allowed");
        var text =
                send(
                        request("/items")
                                .header("X-Api-Key", KEY)
                                .header("Idempotency-Key", "t")
                                .header("Content-Type", "text/plain")
                                .POST(HttpRequest.BodyPublishers.ofString("x")));
        assertThat(text.statusCode()).isEqualTo(415);
        assertThat(text.body()).contains("problems/unsupported-media-type");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/form-data",
                "multipart/form-data; boundary=",
                "multipart/form-data; boundary=x",
                "multipart/mixed",
                "multipart/x;foo",
                "application/x-www-form-urlencoded",
                "application/x-www-form-urlencoded; charset=nonsense",
                "nonsense"
            })
    void aBodyThatIsNotJsonIsRefusedByItsTypeAndNotParsed(String type) throws Exception {
        for (var method : List.of("POST", "PUT", "PATCH")) {
            var withoutKey =
                    send(
                            request("/typed")
                                    .header("Content-Type", type)
                                    .method(method, json("%zz=%")));
            assertThat(withoutKey.statusCode()).as(method).isEqualTo(403);
            var withKey =
                    send(
                            request("/typed")
                                    .header("X-Api-Key", KEY)
                                    .header("Content-Type", type)
                                    .method(method, json("%zz=%")));
            assertThat(withKey.statusCode())
                    .as("%s answered %s", method, withKey.body())
                    .isEqualTo(415);
            assertThat(withKey.body()).contains("problems/unsupported-media-type");
        }
    }

    /// RFC 9110, 15.5.16.
    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "identity, gzip", "GZIP"})
    void aBodyWithAContentCodingIsRefusedAndTheResponseNamesTheSupportedOnes(String coding)
            throws Exception {
        var answer = post("coded", ITEM, "Content-Encoding", coding);
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.headers().firstValue("Accept-Encoding")).contains("identity");
        assertThat(answer.body()).contains("Send the body without a content coding.");
    }

    @Test
    void aBodyWithoutAContentCodingIsRead() throws Exception {
        assertThat(post("not-coded", ITEM, "Content-Encoding", "identity").statusCode())
                .isEqualTo(201);
    }

    /// RFC 9110, 12.4.2: the weight 0 means "not acceptable".
    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json;q=0",
                "application/json;q=0, */*",
                "*/*;q=0",
                "text/html, application/*;q=0",
                "image/png",
                "garbage"
            })
    void aRequestWhoseResponseIsNotAcceptableIsRefusedBeforeItIsExecuted(String accept)
            throws Exception {
        int before = items.granted.get();
        var answer =
                send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/items"))
                                .header("X-Api-Key", KEY)
                                .header("Idempotency-Key", "not-acceptable")
                                .header("Accept", accept)
                                .header("Content-Type", "application/json")
                                .POST(json(ITEM)));
        assertThat(answer.statusCode()).isEqualTo(406);
        assertThat(JSON.readTree(answer.body()).path("detail").asString())
                .isEqualTo("Accept application/json.");
        assertThat(items.granted.get()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*/*;q=0, application/json",
                "image/png;q=0, */*",
                "application/*;q=0.1",
                ""
            })
    void aRequestWhoseResponseIsAcceptableIsExecuted(String accept) throws Exception {
        var answer =
                send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/figures"))
                                .header("X-Api-Key", KEY)
                                .header("Accept", accept)
                                .GET());
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"Accept, image/png", "Content-Encoding, gzip"})
    void aRequestThatTheContainerRejectsKeepsItsStatusWhateverItAccepts(String header, String value)
            throws Exception {
        var answer =
                send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/refused"))
                                .header(header, value)
                                .POST(json("{}")));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("problems/bad-request");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"what":"mug","count":1DIGITS} | The body has a number of more than 1000 digits
                    {"what":[LISTS | `what`
                    """)
    void aBodyBeyondTheLimitsOfTheJsonReaderIsReportedWithItsLocation(String body, String field)
            throws Exception {
        var answer =
                post(
                        "beyond",
                        body.replace("DIGITS", "0".repeat(5_000))
                                .replace("LISTS", "[".repeat(2_000)));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(answer.body()).path("detail").asString()).startsWith(field);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /items|x HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /%2e%2e/%00 HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
                "BROKEN\r\n\r\n"
            })
    void malformedHttpIsNotAnsweredWithHtml(String raw) throws Exception {
        try (var socket = new Socket("localhost", port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(raw.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            var answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).startsWith("HTTP/1.1 4").doesNotContain("<html", "Tomcat");
        }
    }

    // The internal API

    @Test
    void theInternalApiRequiresTheKey() throws Exception {
        assertThat(send(request("/internal/items/1").GET()).statusCode()).isEqualTo(403);
        assertThat(internal("wrong-key").statusCode()).isEqualTo(403);
        assertThat(internal(KEY).body()).isEqualTo("item 1");
    }

    /// A new path requires the key without any configuration.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /internal/items/1",
                "GET /figures",
                "GET /internals",
                "OPTIONS /internal/items/1",
                "OPTIONS /figures",
                "POST /orders/1/items",
                "HEAD /figures"
            })
    void everyPathRequiresTheKeyUnlessItIsPublic(String line) throws Exception {
        var words = line.split(" ", -1);
        var request = request(words[1]).method(words[0], HttpRequest.BodyPublishers.noBody());
        assertThat(send(request).statusCode()).isEqualTo(403);
        assertThat(send(request.header("X-Api-Key", KEY)).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//internal/items/1",
                "/internal;x=1/items/1",
                "/./internal/items/1",
                "/x/../internal/items/1",
                "/%69nternal/items/1"
            })
    void noSpellingOfAPathBypassesTheKey(String path) throws Exception {
        try (var socket = new Socket("localhost", port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write(
                            ("GET "
                                            + path
                                            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            var answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).startsWith("HTTP/1.1 4").doesNotContain("item 1");
        }
    }

    // Deliveries

    @Test
    void aHandledMessageIsDeleted() {
        SqsFixture.send("single", "welcome");
        await().until(() -> listeners.handled.contains("welcome#1"));
        await().until(() -> SqsFixture.depth("single") == 0);
        assertThat(SqsFixture.depth("single-dlq")).isZero();
    }

    @Test
    void aRejectedMessageIsDeadLetteredImmediatelyAndOthersAreHandled() {
        SqsFixture.send("batch", "before");
        SqsFixture.send("batch", "poison");
        SqsFixture.send("batch", "after");
        await().until(() -> SqsFixture.depth("batch-dlq") == 1);
        await().until(() -> SqsFixture.depth("batch") == 0);
        assertThat(listeners.handled).contains("before#1", "poison#1", "after#1");
        var dead = SqsFixture.receiveAndDelete("batch-dlq").getFirst();
        assertThat(dead.body()).isEqualTo("poison");
        assertThat(dead.messageAttributes().get("reason").stringValue())
                .isEqualTo("cannot be read");
        assertThat(dead.messageAttributes().get("source-queue").stringValue()).isEqualTo("batch");
        assertThat(dead.messageAttributes().get("fingerprint").stringValue())
                .matches("[0-9a-f]{12}");
    }

    @Test
    void aFailingMessageIsRetriedUntilItsMaximumReceiveCount() {
        SqsFixture.send("batch", "calm");
        SqsFixture.send("batch", "explosive");
        await().until(() -> SqsFixture.depth("batch-dlq") == 1);
        assertThat(SqsFixture.receiveAndDelete("batch-dlq").getFirst().body())
                .isEqualTo("explosive");
        assertThat(listeners.handled)
                .contains("explosive#1", "explosive#2", "explosive#3", "calm#1");
        await().until(() -> SqsFixture.depth("batch") == 0);
    }

    @Test
    void aPostponedMessageIsDeliveredAgain() {
        SqsFixture.send("single", "shy");
        await().until(() -> listeners.handled.contains("shy#3"));
        await().until(() -> SqsFixture.depth("single") == 0);
        assertThat(SqsFixture.depth("single-dlq")).isZero();
    }

    // Inbox

    @Test
    void aMessageIsNewOnceForEachConsumer() {
        assertThat(inbox.recordIfNew("shipping", "m-1")).isTrue();
        assertThat(inbox.recordIfNew("shipping", "m-1")).isFalse();
        assertThat(inbox.recordIfNew("billing", "m-1")).isTrue();
    }

    @Test
    void onlyUnprocessedMessagesOfABatchAreNew() {
        inbox.recordIfNew("batch", "b-1");
        assertThat(inbox.recordIfNew("batch", List.of("b-1", "b-2", "b-3", "b-2")))
                .containsExactlyInAnyOrder("b-2", "b-3");
        assertThat(inbox.recordIfNew("batch", List.of())).isEmpty();
    }

    @Test
    void aRolledBackMessageIsNewAgain() {
        transactions.executeWithoutResult(
                status -> {
                    assertThat(inbox.recordIfNew("undone", "m-1")).isTrue();
                    status.setRollbackOnly();
                });
        assertThat(inbox.recordIfNew("undone", "m-1")).isTrue();
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

    private HttpResponse<String> internal(String key) throws IOException, InterruptedException {
        return send(request("/internal/items/1").header("X-Api-Key", key).GET());
    }

    private HttpResponse<String> post(String key, String body, String... headers)
            throws IOException, InterruptedException {
        var request =
                request("/items")
                        .header("X-Api-Key", KEY)
                        .header("Idempotency-Key", key)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
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

    private HttpResponse<String> getWithKey(String path) throws IOException, InterruptedException {
        return send(
                request(path.replace("ID", UUID.randomUUID().toString()))
                        .header("X-Api-Key", KEY)
                        .GET());
    }

    private static HttpRequest.BodyPublisher json(String body) {
        return HttpRequest.BodyPublishers.ofString(body);
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .header("Accept", "*/*");
    }

    private HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
