package dev.orderflow.shipping;

import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/// HTTP stubs of the services that shipping-service calls: order-service, payment-service, the
/// carrier and Step Functions. Each succeeds unless a test sets another response, for all orders or
/// for one.
final class ShippingStubServer
        implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    static final StubResponse NO_RESPONSE = new StubResponse(0, "");
    static final StubResponse DOWN = new StubResponse(503, "{\"detail\":\"away\"}");

    static final HttpStub ORDER_SERVICE = new HttpStub(ShippingStubServer::permit);
    static final HttpStub PAYMENT_SERVICE = new HttpStub(ShippingStubServer::authorization);
    static final HttpStub CARRIER = new HttpStub(ShippingStubServer::booking);
    static final HttpStub WORKFLOW = new HttpStub(ShippingStubServer::callbackResponse);

    static final Map<UUID, StubResponse> PERMITS = new ConcurrentHashMap<>();
    static final Map<UUID, StubResponse> AUTHORIZATIONS = new ConcurrentHashMap<>();
    static final Map<UUID, StubResponse> WITHDRAWALS = new ConcurrentHashMap<>();
    static final Map<UUID, StubResponse> BOOKINGS = new ConcurrentHashMap<>();
    static final Map<String, StubResponse> CALLBACK_RESPONSES = new ConcurrentHashMap<>();

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        var queues = context.getEnvironment().getProperty("spring.cloud.aws.endpoint");
        TestPropertyValues.of(
                        "spring.cloud.aws.sqs.endpoint=" + queues,
                        "spring.cloud.aws.endpoint=" + WORKFLOW.url(),
                        "orderflow.order.url=" + ORDER_SERVICE.url(),
                        "orderflow.payment.url=" + PAYMENT_SERVICE.url(),
                        "orderflow.shipping.carrier.url=" + CARRIER.url())
                .applyTo(context);
    }

    static void reset() {
        ORDER_SERVICE.respondWith(ShippingStubServer::permit);
        PAYMENT_SERVICE.respondWith(ShippingStubServer::authorization);
        CARRIER.respondWith(ShippingStubServer::booking);
        WORKFLOW.respondWith(ShippingStubServer::callbackResponse);
        PERMITS.clear();
        AUTHORIZATIONS.clear();
        WITHDRAWALS.clear();
        BOOKINGS.clear();
        CALLBACK_RESPONSES.clear();
    }

    static StubResponse permit(HttpStub.RecordedRequest request) {
        var orderId = UUID.fromString(request.path().split("/")[3]);
        return PERMITS.getOrDefault(
                orderId,
                new StubResponse(
                        200,
                        """
                        {"orderId":"%s","recipient":"Ada Lovelace","address":{"street":"St James's Square 12",
                         "postalCode":"SW1Y 4JH","city":"London","country":"GB"},
                         "lines":[{"sku":"MUG-BLUE","quantity":2}],"comment":"a field from the future"}"""
                                .formatted(orderId)));
    }

    static StubResponse authorization(HttpStub.RecordedRequest request) {
        var orderId = UUID.fromString(request.path().split("/")[3]);
        return AUTHORIZATIONS.getOrDefault(orderId, authorization(orderId, true));
    }

    static StubResponse authorization(UUID orderId, boolean lasts) {
        return new StubResponse(
                200,
                "{\"orderId\":\"%s\",\"state\":\"AUTHORIZED\",\"dispatchAllowed\":%b}"
                        .formatted(orderId, lasts));
    }

    static StubResponse booking(HttpStub.RecordedRequest request) {
        if (request.path().startsWith("/bookings/")) {
            var withdrawn = UUID.fromString(request.path().substring("/bookings/".length()));
            return WITHDRAWALS.getOrDefault(
                    withdrawn, new StubResponse(200, "{\"withdrawn\":true}"));
        }
        var orderId = orderOf(request);
        return BOOKINGS.getOrDefault(
                orderId,
                new StubResponse(201, "{\"trackingNumber\":\"TRACK-%s\"}".formatted(orderId)));
    }

    /// The response for a token, or for an operation and a token.
    static StubResponse callbackResponse(HttpStub.RecordedRequest request) {
        var token = JsonMapper.shared().readTree(request.body()).path("taskToken").stringValue("");
        var operation =
                String.valueOf(request.header("X-Amz-Target")).replace("AWSStepFunctions.", "");
        return CALLBACK_RESPONSES.getOrDefault(
                operation + " " + token,
                CALLBACK_RESPONSES.getOrDefault(token, new StubResponse(200, "{}")));
    }

    static StubResponse problem(int status, String slug) {
        return new StubResponse(
                status, "{\"type\":\"https://orderflow.dev/problems/%s\"}".formatted(slug));
    }

    static StubResponse stepFunctionsError(String type) {
        return new StubResponse(400, "{\"__type\":\"%s\",\"message\":\"no\"}".formatted(type));
    }

    static List<HttpStub.RecordedRequest> permitRequests(UUID orderId) {
        return ORDER_SERVICE.requests(request -> request.path().contains(orderId.toString()));
    }

    static List<HttpStub.RecordedRequest> bookingRequests(UUID orderId) {
        return CARRIER.requests(
                request -> request.path().equals("/bookings") && orderOf(request).equals(orderId));
    }

    static List<HttpStub.RecordedRequest> withdrawalRequests(UUID orderId) {
        return CARRIER.requests(request -> request.path().equals("/bookings/" + orderId));
    }

    static List<HttpStub.RecordedRequest> callbacks(String token, String operation) {
        return WORKFLOW.requests(
                request ->
                        ("AWSStepFunctions." + operation).equals(request.header("X-Amz-Target"))
                                && request.body().contains("\"" + token + "\""));
    }

    private static UUID orderOf(HttpStub.RecordedRequest request) {
        return UUID.fromString(
                JsonMapper.shared().readTree(request.body()).path("orderId").stringValue(""));
    }
}
