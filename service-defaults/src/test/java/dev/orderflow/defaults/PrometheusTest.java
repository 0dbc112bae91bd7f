package dev.orderflow.defaults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.fixture.PostgresFixture;
import dev.orderflow.defaults.fixture.QueuesFixture;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;

@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=defaults-test",
            "management.prometheus.metrics.export.enabled=true"
        })
@ContextConfiguration(initializers = {PostgresFixture.class, QueuesFixture.class})
class PrometheusTest {

    @BeforeAll
    static void queues() {
        QueuesFixture.create("single", 3);
        QueuesFixture.create("batch", 3);
    }

    @Test
    void whereItIsTurnedOnEveryMeterCanBeScraped(@LocalServerPort int port)
            throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var uri = URI.create("http://localhost:" + port + "/actuator/prometheus");
            var answer =
                    http.send(
                            HttpRequest.newBuilder(uri).build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body())
                    .contains("jvm_threads_live_threads{service=\"defaults-test\"}");
        }
    }
}
