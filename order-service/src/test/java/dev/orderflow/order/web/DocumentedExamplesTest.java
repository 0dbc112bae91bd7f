package dev.orderflow.order.web;

import static dev.orderflow.order.OrderApiClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.order.OrderApiClient;
import dev.orderflow.order.RunningOrderService;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/// The examples of the API description are valid requests.
@RunningOrderService
class DocumentedExamplesTest {

    private final OrderApiClient api;

    @Autowired
    DocumentedExamplesTest(@LocalServerPort int port) {
        this.api = new OrderApiClient(port);
    }

    @Test
    void everyDocumentedExampleIsAccepted() {
        assertThat(api.putArticle("MUG-BLUE", "12.50", "EUR").statusCode()).isEqualTo(200);
        var docs = json(api.get("/v3/api-docs"));
        var posted = new ArrayList<String>();
        docs.path("paths")
                .properties()
                .forEach(
                        path ->
                                path.getValue()
                                        .properties()
                                        .forEach(
                                                operation -> {
                                                    if (operation.getValue().has("requestBody")) {
                                                        post(
                                                                docs,
                                                                path.getKey(),
                                                                operation.getKey(),
                                                                operation.getValue());
                                                        posted.add(path.getKey());
                                                    }
                                                }));
        assertThat(posted).containsExactly("/orders");
    }

    private void post(JsonNode docs, String path, String method, JsonNode operation) {
        var request =
                api.request(path)
                        .header("Authorization", api.authorization())
                        .header("Content-Type", "application/json")
                        .method(
                                method.toUpperCase(Locale.ROOT),
                                BodyPublishers.ofString(example(docs, operation)));
        for (var header : headers(operation)) {
            request.header(header.path("name").asString(), header.path("example").asString());
        }
        var first = api.send(request);
        assertThat(first.statusCode()).as(first.body()).isBetween(200, 299);
        var again = api.send(request);
        assertThat(again.headers().firstValue("Idempotency-Replayed")).contains("true");
    }

    private static List<JsonNode> headers(JsonNode operation) {
        var headers = new ArrayList<JsonNode>();
        for (var parameter : operation.path("parameters")) {
            if (parameter.path("in").asString().equals("header")) {
                headers.add(parameter);
            }
        }
        return headers;
    }

    private static String example(JsonNode docs, JsonNode operation) {
        var content = operation.at("/requestBody/content/application~1json");
        var schema = content.path("schema");
        if (schema.has("$ref")) {
            schema = docs.at(schema.path("$ref").asString().substring(1));
        }
        var example = schema.path("example");
        assertThat(example.isObject()).as("an example of " + content).isTrue();
        return example.toString();
    }
}
