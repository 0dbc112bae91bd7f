package dev.orderflow.localcloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// The preparation that runs before the cloud answers requests.
class PreparationTest {

    @Test
    void requestsDuringThePreparationAreAnsweredWhenItIsComplete() throws Exception {
        int port = freePort();
        var asked = new AtomicReference<CompletableFuture<HttpResponse<String>>>();
        try (var http = HttpClient.newHttpClient();
                var _ =
                        LocalCloud.builder()
                                .port(port)
                                .prepare(
                                        endpoint -> {
                                            asked.set(
                                                    http.sendAsync(
                                                            call(
                                                                    "http://127.0.0.1:" + port,
                                                                    "GetQueueUrl"),
                                                            HttpResponse.BodyHandlers.ofString()));
                                            send(http, call(endpoint.toString(), "CreateQueue"));
                                        })
                                .start()) {
            assertThat(asked.get().get().body()).contains("/000000000000/q");
        }
    }

    @Test
    void aFailedPreparationClosesThePort() throws Exception {
        int port = freePort();
        var starting =
                LocalCloud.builder()
                        .port(port)
                        .prepare(
                                _ -> {
                                    throw new IllegalStateException("no");
                                });
        assertThatThrownBy(starting::start).isInstanceOf(IllegalStateException.class);
        try (var _ = LocalCloud.builder().port(port).start();
                var http = HttpClient.newHttpClient()) {
            assertThat(send(http, call("http://127.0.0.1:" + port, "CreateQueue")).statusCode())
                    .isEqualTo(200);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static HttpRequest call(String endpoint, String operation) {
        return HttpRequest.newBuilder(URI.create(endpoint))
                .header("X-Amz-Target", "AmazonSQS." + operation)
                .header("Content-Type", "application/x-amz-json-1.0")
                .POST(HttpRequest.BodyPublishers.ofString("{\"QueueName\":\"q\"}"))
                .build();
    }

    private static HttpResponse<String> send(HttpClient http, HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
