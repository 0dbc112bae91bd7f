package dev.orderflow.shipping;

import dev.orderflow.defaults.fixture.StandIn;
import dev.orderflow.defaults.fixture.StandIn.Answer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/// Everybody that shipping talks to but its queues: order-service, the carrier and Step Functions.
/// Each does what it should until a test says otherwise, for all orders or for one.
final class Neighbourhood implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    static final Answer GONE_SILENT = new Answer(0, "");
    static final Answer DOWN = new Answer(503, "{\"detail\":\"away\"}");

    static final StandIn ORDER_SERVICE = new StandIn(Neighbourhood::permit);
    static final StandIn PAYMENT_SERVICE = new StandIn(Neighbourhood::hold);
    static final StandIn CARRIER = new StandIn(Neighbourhood::booking);
    static final StandIn WORKFLOW = new StandIn(Neighbourhood::reception);

    static final Map<UUID, Answer> PERMITS = new ConcurrentHashMap<>();
    static final Map<UUID, Answer> HOLDS = new ConcurrentHashMap<>();
    static final Map<UUID, Answer> WITHDRAWALS = new ConcurrentHashMap<>();
    static final Map<UUID, Answer> BOOKINGS = new ConcurrentHashMap<>();
    static final Map<String, Answer> RECEPTIONS = new ConcurrentHashMap<>();

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

    static void behave() {
        ORDER_SERVICE.behave(Neighbourhood::permit);
        PAYMENT_SERVICE.behave(Neighbourhood::hold);
        CARRIER.behave(Neighbourhood::booking);
        WORKFLOW.behave(Neighbourhood::reception);
        PERMITS.clear();
        HOLDS.clear();
        WITHDRAWALS.clear();
        BOOKINGS.clear();
        RECEPTIONS.clear();
    }

    static Answer permit(StandIn.Heard request) {
        var orderId = UUID.fromString(request.path().split("/")[3]);
        return PERMITS.getOrDefault(
                orderId,
                new Answer(
                        200,
                        """
                        {"orderId":"%s","recipient":"Ada Lovelace","address":{"street":"St James's Square 12",
                         "postalCode":"SW1Y 4JH","city":"London","country":"GB"},
                         "lines":[{"sku":"MUG-BLUE","quantity":2}],"comment":"a field from the future"}"""
                                .formatted(orderId)));
    }

    static Answer hold(StandIn.Heard request) {
        var orderId = UUID.fromString(request.path().split("/")[3]);
        return HOLDS.getOrDefault(orderId, hold(orderId, true));
    }

    static Answer hold(UUID orderId, boolean lasts) {
        return new Answer(
                200,
                "{\"orderId\":\"%s\",\"paymentStatus\":\"AUTHORIZED\",\"lasts\":%b}"
                        .formatted(orderId, lasts));
    }

    static Answer booking(StandIn.Heard request) {
        if (request.path().startsWith("/bookings/")) {
            var withdrawn = UUID.fromString(request.path().substring("/bookings/".length()));
            return WITHDRAWALS.getOrDefault(withdrawn, new Answer(200, "{\"withdrawn\":true}"));
        }
        var orderId = orderOf(request);
        return BOOKINGS.getOrDefault(
                orderId, new Answer(201, "{\"trackingNumber\":\"TRACK-%s\"}".formatted(orderId)));
    }

    /// The answer for a token, or for an operation and a token.
    static Answer reception(StandIn.Heard request) {
        var token = JsonMapper.shared().readTree(request.body()).path("taskToken").stringValue("");
        var operation =
                String.valueOf(request.header("X-Amz-Target")).replace("AWSStepFunctions.", "");
        return RECEPTIONS.getOrDefault(
                operation + " " + token, RECEPTIONS.getOrDefault(token, new Answer(200, "{}")));
    }

    static Answer problem(int status, String slug) {
        return new Answer(
                status, "{\"type\":\"https://orderflow.dev/problems/%s\"}".formatted(slug));
    }

    static Answer stepFunctionsError(String type) {
        return new Answer(400, "{\"__type\":\"%s\",\"message\":\"no\"}".formatted(type));
    }

    static List<StandIn.Heard> permitsAskedFor(UUID orderId) {
        return ORDER_SERVICE.heard(request -> request.path().contains(orderId.toString()));
    }

    static List<StandIn.Heard> bookingsOf(UUID orderId) {
        return CARRIER.heard(
                request -> request.path().equals("/bookings") && orderOf(request).equals(orderId));
    }

    static List<StandIn.Heard> withdrawalsOf(UUID orderId) {
        return CARRIER.heard(request -> request.path().equals("/bookings/" + orderId));
    }

    static List<StandIn.Heard> answersTo(String token, String operation) {
        return WORKFLOW.heard(
                request ->
                        ("AWSStepFunctions." + operation).equals(request.header("X-Amz-Target"))
                                && request.body().contains("\"" + token + "\""));
    }

    private static UUID orderOf(StandIn.Heard request) {
        return UUID.fromString(
                JsonMapper.shared().readTree(request.body()).path("orderId").stringValue(""));
    }
}
