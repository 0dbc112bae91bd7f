package dev.orderflow.defaults;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The media types and encodings of requests and responses.
class ContentNegotiationTest extends TestServiceFixture {

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
}
