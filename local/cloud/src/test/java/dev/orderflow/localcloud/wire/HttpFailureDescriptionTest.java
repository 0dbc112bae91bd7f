package dev.orderflow.localcloud.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import java.io.EOFException;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import org.junit.jupiter.api.Test;

class HttpFailureDescriptionTest {

    @Test
    void aServerThatDoesNotListenRefusesTheConnection() throws IOException {
        int unused;
        try (var socket = new ServerSocket(0)) {
            unused = socket.getLocalPort();
        }
        assertThat(describe("http://127.0.0.1:" + unused)).isEqualTo("connection refused");
    }

    @Test
    void aNameThatDoesNotResolveIsAnUnknownHost() {
        assertThat(describe("http://nothing.invalid")).isEqualTo("unknown host");
    }

    @Test
    void aServerThatClosesTheConnectionIsDescribedWithoutAClass() {
        try (var stub = new HttpStub(_ -> new StubResponse(0, ""))) {
            assertThat(describe(stub.url())).isNotEmpty().doesNotContain("Exception", "null");
        }
    }

    @Test
    void aFailureWithoutMessageHasWords() {
        assertThat(HttpFailureDescription.describe(new EOFException()))
                .isEqualTo("no complete response");
        assertThat(HttpFailureDescription.describe(new HttpTimeoutException("x")))
                .isEqualTo("no response in time");
        assertThat(HttpFailureDescription.describe(new HttpConnectTimeoutException("x")))
                .isEqualTo("no response in time");
    }

    private static String describe(String url) {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(url)).build();
            return HttpFailureDescription.describe(
                    catchThrowableOfType(
                            IOException.class,
                            () -> client.send(request, HttpResponse.BodyHandlers.discarding())));
        }
    }
}
