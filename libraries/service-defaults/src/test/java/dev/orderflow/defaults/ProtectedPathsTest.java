package dev.orderflow.defaults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests with and without the internal API key.
class ProtectedPathsTest extends TestServiceFixture {

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

    private HttpResponse<String> internal(String key) throws IOException, InterruptedException {
        return send(request("/internal/items/1").header("X-Api-Key", key).GET());
    }
}
