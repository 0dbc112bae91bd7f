package dev.orderflow.localcloud.stepfunctions;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.RecordedRequest;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpTaskTest {

    private final StepFunctionsFixture fixture = new StepFunctionsFixture(100);
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger unavailable = new AtomicInteger();
    private final CountDownLatch never = new CountDownLatch(1);
    private final HttpStub server = new HttpStub(this::respond);

    @AfterEach
    void stop() {
        never.countDown();
        fixture.close();
        server.close();
    }

    private StubResponse respond(RecordedRequest request) {
        requests.add(
                request.method()
                        + " "
                        + request.path()
                        + (request.query().isEmpty() ? "" : "?" + request.query())
                        + " "
                        + request.header("X-Api-Key")
                        + " "
                        + request.header("Range")
                        + " "
                        + request.header("Idempotency-Key")
                        + " "
                        + request.body());
        if (request.path().equals("/slow")) {
            try {
                never.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
        int status =
                request.path().startsWith("/status/")
                        ? Integer.parseInt(request.path().substring(8))
                        : unavailable.getAndDecrement() > 0 ? 503 : 201;
        return switch (request.path()) {
            case "/huge" -> new StubResponse(status, "\0".repeat(300_000));
            case "/binary" -> new StubResponse(status, "\u0089PNG\u00ff\0", ISO_8859_1);
            default -> new StubResponse(status, "{\"id\":\"r-1\"}");
        };
    }

    private String call(String path, String more) {
        return """
        {"QueryLanguage":"JSONata","StartAt":"Call","States":{
          "Call":{"Type":"Task","Resource":"arn:aws:states:::http:invoke",
            "Arguments":{"Method":"POST","ApiEndpoint":"%s%s","Authentication":{"ConnectionArn":"%s"},
              "Headers":{"Idempotency-Key":"{%% $states.input.order & ':reservation' %%}","User-Agent":"mine"},
              "QueryParameters":{"dry":["a b","c"]},
              "RequestBody":{"order":"{%% $states.input.order %%}"}}%s},
          "Caught":{"Type":"Pass","End":true}}}
        """
                .formatted(server.url(), path, StepFunctionsFixture.CONNECTION, more);
    }

    private static final String CATCH =
            ",\"Catch\":[{\"ErrorEquals\":[\"States.ALL\"],\"Next\":\"Caught\"}],\"End\":true";

    @Test
    void theCallCarriesTheParametersOfTheConnection() {
        var ran = fixture.run(call("/reservations", CATCH), "{\"order\":\"o-1\"}");

        assertThat(requests)
                .containsExactly(
                        "POST /reservations?dry=a%20b&dry=c&tenant=t%201 secret bytes=0-262144 o-1:reservation {\"order\":\"o-1\",\"source\":\"flow\"}");
        assertThat(ran.output().path("StatusCode").asInt()).isEqualTo(201);
        assertThat(ran.output().path("StatusText").stringValue()).isEqualTo("Created");
        assertThat(ran.output().path("ResponseBody"))
                .isEqualTo(StepFunctionsJson.parse("{\"id\":\"r-1\"}"));
        assertThat(ran.output().path("Headers").isObject()).isTrue();
        assertThat(fixture.details(ran.arn(), "TaskScheduled").path("parameters").stringValue())
                .as("the connection's secret is not in the history")
                .doesNotContain("secret");
        assertThat(fixture.chain(ran.arn()))
                .containsSequence(
                        "3<2 TaskScheduled",
                        "4<3 TaskStarted",
                        "5<4 TaskSucceeded",
                        "6<5 TaskStateExited");
        assertThat(fixture.details(ran.arn(), "TaskStarted"))
                .isEqualTo(
                        StepFunctionsJson.parse(
                                "{\"resource\":\"invoke\",\"resourceType\":\"http\"}"));
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 402, 409, 422, 500})
    void everyStatusOutsideOf2xxIsAnErrorWithItsCode(int status) {
        var ran = fixture.run(call("/status/" + status, CATCH), "{\"order\":\"o-1\"}");

        assertThat(ran.output().path("Error").stringValue())
                .isEqualTo("States.Http.StatusCode." + status);
        assertThat(ran.output().path("Cause").stringValue()).isEqualTo("{\"id\":\"r-1\"}");
    }

    @Test
    void aRetryOfACallHasTheSameIdempotencyKey() {
        unavailable.set(2);
        var ran =
                fixture.run(
                        call(
                                "/reservations",
                                ",\"Retry\":[{\"ErrorEquals\":[\"States.Http.StatusCode.503\"],\"IntervalSeconds\":5,\"JitterStrategy\":\"FULL\"}]"
                                        + CATCH),
                        "{\"order\":\"o-1\"}");

        assertThat(ran.status()).isEqualTo("SUCCEEDED");
        assertThat(requests).hasSize(3).allMatch(r -> r.contains("o-1:reservation"));
    }

    @Test
    void aRefusedConnectionIsASocketError() {
        server.close();
        var ran = fixture.run(call("/reservations", CATCH), "{\"order\":\"o-1\"}");

        assertThat(ran.output().path("Error").stringValue()).isEqualTo("States.Http.Socket");
        assertThat(ran.output().path("Cause").stringValue())
                .endsWith(" failed: connection refused");
    }

    @Test
    void aMissingResponseEndsInATimeoutOfTheState() {
        var ran =
                fixture.run(call("/slow", ",\"TimeoutSeconds\":1" + CATCH), "{\"order\":\"o-1\"}");

        assertThat(ran.output().path("Error").stringValue()).isEqualTo("States.Timeout");
        assertThat(fixture.chain(ran.arn())).contains("5<4 TaskTimedOut");
    }

    /// `States.ALL` does not catch `States.Runtime`.
    @Test
    void aBinaryResponseFailsTheExecutionAndIsNotCaught() {
        var ran = fixture.run(call("/binary", CATCH), "{\"order\":\"o-1\"}");

        assertThat(ran.status()).isEqualTo("FAILED");
        assertThat(fixture.describe(ran.arn()).path("error").stringValue())
                .isEqualTo("States.Runtime");
    }

    @Test
    void anUnknownConnectionHasItsOwnError() {
        var ran =
                fixture.run(
                        call("/reservations", CATCH)
                                .replace(
                                        StepFunctionsFixture.CONNECTION,
                                        StepFunctionsFixture.CONNECTION + "9"),
                        "{\"order\":\"o-1\"}");

        assertThat(ran.output().path("Error").stringValue())
                .isEqualTo("Events.ConnectionResource.ResourceNotFound");
        assertThat(requests).isEmpty();
    }

    @Test
    void aResponseBeyondTheLimitIsNotRead() {
        var ran =
                fixture.run(
                        call("/huge", CATCH.replace("States.ALL", "Never")), "{\"order\":\"o-1\"}");

        assertThat(ran.error()).isEqualTo("States.DataLimitExceeded");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization",
                "Host",
                "x-amz-date",
                "X-Forwarded-For",
                "If-Match",
                "Date"
            })
    void aForbiddenHeaderEndsTheExecutionBeforeTheCall(String header) {
        var ran =
                fixture.run(
                        call("/reservations", CATCH)
                                .replace("\"User-Agent\"", "\"" + header + "\""),
                        "{\"order\":\"o-1\"}");

        assertThat(ran.error()).isEqualTo("States.Runtime");
        assertThat(ran.cause()).contains("'" + header + "'");
        assertThat(requests).isEmpty();
    }

    @Test
    void anInvalidEndpointUrlEndsTheExecution() {
        var ran =
                fixture.run(
                        call("/reservations", CATCH).replace("http://127.0.0.1", "file:///etc"),
                        "{\"order\":\"o-1\"}");

        assertThat(ran.error()).isEqualTo("States.Runtime");
    }
}
