package dev.orderflow.operations.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.ports.AdditionalConnector;
import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.ServiceStubs;
import dev.orderflow.operations.TestBrowser;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/// Every form whose address names an order, a message, or anything else is answered 404 when there
/// is no such thing.
@OperationsConsoleFixture
@TestInstance(Lifecycle.PER_CLASS)
class MissingSubjectFormsTest {

    private static final String MISSING = "0b2f7c1e-6a55-4f0e-9d0a-3d8f5c6e7a91";

    /// What each form requires besides its address. A form ignores the fields of others.
    private static final Map<String, String> FIELDS =
            Map.of(
                    "decision", "APPROVE",
                    "action", "PAUSE",
                    "version", "0",
                    "reason", "the cause is fixed",
                    "note", "the cause is fixed",
                    "field.reason", "OUT_OF_STOCK");

    private final RequestMappingHandlerMapping handlers;
    private final TestBrowser adam;

    @Autowired
    MissingSubjectFormsTest(
            @Qualifier("pagesConnector") AdditionalConnector connector,
            @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping handlers) {
        PageFixture.withoutWork();
        this.handlers = handlers;
        this.adam = new TestBrowser(connector.port()).signIn("adam", OperatorRole.ADMINISTRATOR);
    }

    /// As order-service and payment-service answer.
    @BeforeEach
    void nothingExists() {
        PageFixture.withoutWork();
        SqsFixture.createQueue("analytics");
        missing("/internal/orders/" + MISSING + "/cancellation", "order-not-found");
        missing("/internal/approvals/" + MISSING + "/decision", "approval-not-found");
        missing("/internal/work-items/" + MISSING + "/resolution", "work-item-not-found");
        missing("/internal/outbox/parked/" + MISSING + "/release", "parked-event-not-found");
        missing("/internal/confirmations/" + MISSING + "/confirmation", "waiting-action-not-found");
    }

    private static void missing(String path, String type) {
        ServiceStubs.setResponse(
                path,
                404,
                "{\"type\":\"https://orderflow.dev/problems/%s\",\"title\":\"Not there\"}"
                        .formatted(type));
    }

    Stream<String> addresses() {
        var addresses =
                handlers.getHandlerMethods().keySet().stream()
                        .filter(MissingSubjectFormsTest::isForm)
                        .flatMap(mapping -> mapping.getPatternValues().stream())
                        .filter(pattern -> pattern.contains("{"))
                        .flatMap(MissingSubjectFormsTest::addresses)
                        .toList();
        assertThat(addresses).hasSizeGreaterThan(10);
        return addresses.stream();
    }

    private static boolean isForm(RequestMappingInfo mapping) {
        return mapping.getMethodsCondition().getMethods().contains(RequestMethod.POST)
                && mapping.getProducesCondition().getProducibleMediaTypes().stream()
                        .anyMatch(MediaType.TEXT_HTML::isCompatibleWith);
    }

    /// A queue may be missing, or only what it should hold.
    private static Stream<String> addresses(String pattern) {
        return (pattern.contains("{queue}") ? List.of("analytics-dlq", "none-dlq") : List.of(""))
                .stream()
                        .map(queue -> pattern.replace("{queue}", queue))
                        .map(path -> path.replace("{fingerprint}", "abcdef0123456789"))
                        .map(path -> path.replaceAll("\\{\\w+}", MISSING));
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void theAnswerIs404(String address) {
        var refused = adam.post(address, FIELDS);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(404);
        assertThat(refused.body()).contains("<h1>");
    }
}
