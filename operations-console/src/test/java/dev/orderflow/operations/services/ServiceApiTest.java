package dev.orderflow.operations.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.client.RestClient;

class ServiceApiTest {

    private static final String SECRET = "Ada Lovelace";

    private final HttpStub stub = new HttpStub(_ -> new StubResponse(200, "{}"));
    private final ServiceApi api = new ServiceApi("order-service", RestClient.create(stub.url()));

    @Test
    void aProblemIsRecognisedByItsType() {
        respond(404, "{\"type\":\"https://orderflow.dev/problems/order-not-found\"}");
        assertThatThrownBy(() -> api.get("/x"))
                .isInstanceOfSatisfying(
                        ServiceProblemException.class,
                        problem -> {
                            assertThat(problem.isOfType("order-not-found")).isTrue();
                            assertThat(problem.isOfType("not-found")).isFalse();
                        })
                .hasMessage("order-service responded with HTTP 404, order-not-found");
    }

    /// Another server on that port proves nothing about the requested resource.
    @ParameterizedTest
    @ValueSource(strings = {"", "<html>Not Found</html>", "{\"type\":\"about:blank\"}", "[]"})
    void a404WithoutAProblemOfOursIsNotAProblem(String body) {
        respond(404, body);
        assertThatThrownBy(() -> api.get("/x"))
                .isExactlyInstanceOf(ServiceUnavailableException.class)
                .hasMessage("order-service responded with HTTP 404");
    }

    @Test
    void anErrorOfTheServerIsReportedWithItsStatus() {
        respond(503, SECRET);
        assertThatThrownBy(() -> api.get("/x"))
                .isExactlyInstanceOf(ServiceUnavailableException.class)
                .hasMessage("order-service responded with HTTP 503");
    }

    @Test
    void aBrokenConnectionIsReportedAsNoResponse() {
        respond(0, "");
        assertThatThrownBy(() -> api.get("/x"))
                .isExactlyInstanceOf(ServiceUnavailableException.class)
                .hasMessage("order-service did not respond");
    }

    @Test
    void aResponseWithoutJsonIsUnusableAndNotQuoted() {
        respond(200, "{" + SECRET);
        assertThatThrownBy(() -> api.get("/x"))
                .isExactlyInstanceOf(ServiceUnavailableException.class)
                .hasMessage("the response of order-service is not JSON")
                .hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"f\":null}", "{\"f\":{\"a\":1}}", "[]"})
    void everyReaderRejectsAMissingFieldAndAnotherType(String body) {
        respond(200, body);
        for (Consumer<ServiceResponse> reader :
                List.<Consumer<ServiceResponse>>of(
                        response -> response.text("f"),
                        response -> response.uuid("f"),
                        response -> response.decimal("f"),
                        response -> response.number("f"),
                        response -> response.flag("f"),
                        response -> response.objects("f"),
                        response -> response.texts("f"),
                        response -> response.uuids("f"))) {
            assertInvalid(reader);
        }
    }

    @Test
    void aTextOfAnotherFormatIsRejectedAndNotQuoted() {
        respond(200, "{\"f\":\"%s\",\"l\":[\"%s\"],\"n\":[1]}".formatted(SECRET, SECRET));
        assertInvalid(response -> response.uuid("f"));
        assertInvalid(response -> response.decimal("f"));
        assertInvalid(response -> response.object("f"));
        respond(200, "{\"f\":\"1e999999999\"}");
        assertInvalid(response -> response.decimal("f"));
        respond(200, "{\"f\":\"%s\",\"l\":[\"%s\"],\"n\":[1]}".formatted(SECRET, SECRET));
        assertThatThrownBy(() -> api.get("/x").uuids("l").toList())
                .hasMessage("the response of order-service has no valid field l");
        assertThatThrownBy(() -> api.get("/x").texts("n").toList())
                .hasMessage("the response of order-service has no valid field n");
    }

    @Test
    void aCursorIsEncoded() {
        api.get("/x?after={after}", "a&b=c d");
        assertThat(stub.requests(_ -> true).getFirst().query()).isEqualTo("after=a%26b%3Dc%20d");
    }

    private void assertInvalid(Consumer<ServiceResponse> reader) {
        assertThatThrownBy(() -> reader.accept(api.get("/x")))
                .isExactlyInstanceOf(ServiceUnavailableException.class)
                .hasMessage("the response of order-service has no valid field f");
    }

    private void respond(int status, String body) {
        stub.respondWith(_ -> new StubResponse(status, body));
    }
}
