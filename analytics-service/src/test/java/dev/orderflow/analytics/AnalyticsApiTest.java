package dev.orderflow.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.defaults.fixture.TestOperators;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class AnalyticsApiTest extends AnalyticsServiceFixture {

    @Test
    void theSummaryOfNoFactsIsEmpty() {
        assertThat(get("/internal/summary").body())
                .isEqualTo("{\"orders\":{},\"revenue\":{},\"perMinute\":[]}");
    }

    @Test
    void theFactsOfAnOrderAreListedByVersion() {
        var order = UUID.randomUUID();
        SqsFixture.send(QUEUE, enveloped(shipped(order, euros("5.00"))));
        SqsFixture.send(QUEUE, replayed(created(order, "5.00")));
        await().until(() -> facts() == 2);
        var facts =
                JsonMapper.shared()
                        .readTree(send("GET", "/internal/facts/" + order, KEY).body())
                        .path("facts");
        assertThat(facts)
                .extracting(fact -> fact.path("type").asString())
                .containsExactly("OrderCreated", "OrderShipped");
        assertThat(facts)
                .extracting(fact -> fact.path("replayed").booleanValue())
                .containsExactly(true, false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/internal/facts/1f9e4a52-0000-7000-8000-000000000000", "/internal/summary"})
    void everyOperationRequiresTheKey(String path) {
        assertThat(send("GET", path, Map.of()).statusCode()).isEqualTo(403);
        assertThat(send("GET", path, Map.of("X-Api-Key", "another-key-of-a-test")).statusCode())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /internal/facts/not-a-uuid, 400",
        "GET, /internal/facts/%00, 400",
        "POST, /internal/summary, 405",
        "GET, /analytics/nothing, 404",
        "GET, /internal/summary/%2e%2e, 404",
        "GET, /, 404"
    })
    void anUnknownOperationIsRefusedWithAProblem(String method, String path, int status) {
        var answer = send(method, path, KEY);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                .startsWith("application/problem+json");
        assertThat(answer.body()).contains("https://orderflow.dev/problems/");
    }

    @Test
    void unknownParametersOfTheSummaryAreIgnored() {
        assertThat(get("/internal/summary?minutes=%27%20OR%201=1&x=%00").statusCode())
                .isEqualTo(200);
    }

    @Test
    void projectionsAreEqualAfterAResetAndReplay() {
        var order = UUID.randomUUID();
        SqsFixture.send(QUEUE, enveloped(created(order, "5.00")));
        SqsFixture.send(QUEUE, enveloped(shipped(order, euros("5.00"))));
        await().until(() -> facts() == 2);
        var before = projections();

        var answer = postReset("{\"reason\":\"the summary was wrong\"}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"deletedFacts\":2}");
        assertThat(facts()).isZero();
        assertThat(projections()).isEmpty();

        SqsFixture.send(QUEUE, replayed(shipped(order, euros("5.00"))));
        SqsFixture.send(QUEUE, replayed(created(order, "5.00")));
        await().until(() -> facts() == 2);
        assertThat(projections()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"operator\":\"ada\"}",
                "{\"operator\":\"ada\",\"reason\":\"x\"}",
                "{\"by\":\"ada\",\"reason\":\"x\"}",
                "{\"reason\":\" \"}",
                "{\"reason\":\"forged\\r\\nline\"}",
                "{\"reason\":null}"
            })
    void aResetRequiresAReasonAndNothingElse(String body) {
        jdbc.sql(
                        """
                        INSERT INTO fact (event_id, type, order_id, order_version, occurred_at, total_amount,
                                          currency, replayed)
                        VALUES ('kept', 'OrderCreated', gen_random_uuid(), 1, now(), 1, 'EUR', false)
                        """)
                .update();
        assertThat(postReset(body).statusCode()).isEqualTo(400);
        assertThat(facts()).isEqualTo(1);
    }

    private HttpResponse<String> postReset(String body) {
        return send(
                "POST",
                "/internal/projections/reset",
                Map.of(
                        "Authorization",
                        TestOperators.administrator(),
                        "Content-Type",
                        "application/json"),
                body);
    }
}
