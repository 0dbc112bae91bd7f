package dev.orderflow.order;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.regions.Region;

/// Answers a client of the AWS SDK with what a test says AWS would say.
public final class AwsHttpStub implements AutoCloseable {

    public volatile int status = 200;
    public volatile String answer = "{}";

    private final AtomicInteger requests = new AtomicInteger();
    private final HttpServer server;
    private volatile String heard = "";
    private volatile String target = "";

    public AwsHttpStub() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        server.createContext(
                "/",
                exchange -> {
                    requests.incrementAndGet();
                    target = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
                    heard =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    var body = answer.getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
                    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
    }

    /// Answers with an error as AWS's JSON protocols do.
    public void answerWithError(int status, String type) {
        this.status = status;
        this.answer = "{\"__type\":\"" + type + "\",\"message\":\"no\"}";
    }

    /// A client that asks here, once.
    public <C> C client(AwsClientBuilder<?, C> builder) {
        builder.endpointOverride(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
        builder.region(Region.US_EAST_1);
        builder.credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")));
        builder.overrideConfiguration(
                it ->
                        it.retryStrategy(AwsRetryStrategy.doNotRetry())
                                .apiCallTimeout(Duration.ofSeconds(5)));
        return builder.build();
    }

    /// The body of the last request.
    public String lastRequestBody() {
        return heard;
    }

    /// The operation of the last request.
    public String lastTarget() {
        return target;
    }

    public int requestCount() {
        return requests.get();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
