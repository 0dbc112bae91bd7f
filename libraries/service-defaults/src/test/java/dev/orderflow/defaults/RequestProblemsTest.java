package dev.orderflow.defaults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Invalid requests, and the problems with which they are answered.
class RequestProblemsTest extends TestServiceFixture {

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
                "{\"what\":\"mug\",\"count\":1,\"price\":1000e2147483647}",
                "{\"what\":\"mug\",\"count\":1,\"price\":1000e-2147483648}",
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
                    {"what":"mug","count":1000e2147483647} | `count` must be a whole number.
                    {"what":"mug","count":1e2147483649} | `count` must be a whole number.
                    {"what":"mug","count":1,"price":1e2147483649} | `price` is not a known field.
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
                    /internal/pages/ID?since=yesterday | `since` must be a time between 1970 and 9999 such as 2026-11-29T08:30:00Z.
                    /internal/pages/ID?since=MIN | `since` must be a time between 1970 and 9999 such as 2026-11-29T08:30:00Z.
                    /internal/pages/ID?since=-1000000000-01-01T00:00:00Z | `since` must be a time between 1970 and 9999 such as 2026-11-29T08:30:00Z.
                    /internal/pages/ID?since=%2B300000-01-01T00:00:00Z | `since` must be a time between 1970 and 9999 such as 2026-11-29T08:30:00Z.
                    /internal/pages/ID?since=-9999-01-01T00:00:00Z | `since` must be a time between 1970 and 9999 such as 2026-11-29T08:30:00Z.
                    /internal/pages/ID?until=yesterday | `until` must be a time between 1970 and 9999 such as 2026-11-29T08:30:00Z.
                    /internal/pages/ID?until=MIN | `until` must be a time between 1970 and 9999 such as 2026-11-29T08:30:00Z.
                    /internal/pages/ID?until=-1000000000-01-01T00:00:00Z | `until` must be a time between 1970 and 9999 such as 2026-11-29T08:30:00Z.
                    /internal/pages/ID?until=%2B300000-01-01T00:00:00Z | `until` must be a time between 1970 and 9999 such as 2026-11-29T08:30:00Z.
                    /internal/pages/ID?until=-9999-01-01T00:00:00Z | `until` must be a time between 1970 and 9999 such as 2026-11-29T08:30:00Z.
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
    void aTimeIsReadAsSentAndAnEmptyOneIsNone() throws Exception {
        var path = "/internal/pages/ID?since=2026-11-29T08:30:00Z&until=";
        assertThat(getWithKey(path + "9999-12-31T00:00:00Z").body())
                .contains("2026-11-29T08:30:00ZOptional[9999-12-31T00:00:00Z]");
        assertThat(getWithKey(path).body()).contains("2026-11-29T08:30:00ZOptional.empty");
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
    void anOutageOfAwsThatAnotherExceptionWrapsIsTemporary() throws Exception {
        var answer = post("outage", "{\"what\":\"outage\",\"count\":1}");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("problems/temporarily-unavailable");
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("2");
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

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
