package dev.orderflow.defaults;

import dev.orderflow.defaults.fixture.PostgresFixture;
import dev.orderflow.defaults.fixture.SqsFixture;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import tools.jackson.databind.json.JsonMapper;

/// The [TestService], called over HTTP. One application context serves all subclasses.
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = "spring.config.name=defaults-test")
@ContextConfiguration(initializers = {PostgresFixture.class, SqsFixture.class})
abstract class TestServiceFixture {

    static final String KEY = "test-internal-api-key";
    static final JsonMapper JSON = JsonMapper.shared();
    static final String ITEM = "{\"what\":\"mug\",\"count\":1}";

    private final HttpClient http = HttpClient.newHttpClient();

    @LocalServerPort int port;
    @Autowired TestService.TestController items;
    @Autowired TestService.TestListeners listeners;

    @BeforeAll
    static void queues() {
        SqsFixture.createQueue("single", 3);
        SqsFixture.createQueue("batch", 3);
    }

    HttpResponse<String> post(String key, String body, String... headers)
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

    HttpResponse<String> getWithKey(String path) throws IOException, InterruptedException {
        return send(
                request(path.replace("ID", UUID.randomUUID().toString()))
                        .header("X-Api-Key", KEY)
                        .GET());
    }

    static HttpRequest.BodyPublisher json(String body) {
        return HttpRequest.BodyPublishers.ofString(body);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .header("Accept", "*/*");
    }

    HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
