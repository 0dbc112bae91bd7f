package dev.orderflow.sandboxes.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.commandline.operations.DevelopmentTokenClient;
import dev.orderflow.localmachine.FreePorts;
import dev.orderflow.localpostgres.LocalPostgres;
import dev.orderflow.payment.PaymentServiceApplication;
import dev.orderflow.payment.domain.IntentId;
import dev.orderflow.sandboxes.issuer.DevelopmentIssuer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Two instances of payment-service with one database and Stripe's own client call the sandbox over
/// HTTP. Charges are read from the ledger of the sandbox, so a second charge is detected.
class PaymentServiceAgainstSandboxTest {

    private static final String AMOUNT = "{\"amount\":\"49.90\",\"currency\":\"EUR\"}";

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static final int ISSUER_PORT = FreePorts.findOne();
    private static final URI ISSUER_URL = URI.create("http://127.0.0.1:" + ISSUER_PORT);

    private static DevelopmentIssuer issuer;
    private static String operator;
    private static SandboxGatewayFixture gateway;
    private static LocalPostgres postgres;
    private static final List<ConfigurableApplicationContext> INSTANCES = new ArrayList<>();

    private final UUID order = UUID.randomUUID();

    @BeforeAll
    static void start() throws Exception {
        issuer =
                DevelopmentIssuer.start(
                        Set.of(DevelopmentIssuer.PROFILE), "127.0.0.1", ISSUER_PORT, ISSUER_URL);
        operator = new DevelopmentTokenClient(() -> ISSUER_URL, HTTP).operatorToken("oskar");
        gateway = new SandboxGatewayFixture();
        postgres = LocalPostgres.withoutKeepingData(Map.of()).start();
        for (int i = 0; i < 2; i++) {
            INSTANCES.add(
                    PaymentServiceApplication.application()
                            .registerShutdownHook(false)
                            .run(
                                    "--spring.profiles.active=local",
                                    "--server.port=0",
                                    "--management.server.port=0",
                                    "--spring.jmx.enabled=false",
                                    "--spring.datasource.url=" + postgres.url("postgres"),
                                    "--spring.datasource.username=postgres",
                                    "--spring.datasource.password=" + postgres.password(),
                                    "--spring.cloud.aws.region.static=us-east-1",
                                    "--spring.cloud.aws.credentials.access-key=test",
                                    "--spring.cloud.aws.credentials.secret-key=test",
                                    "--management.cloudwatch.metrics.export.namespace=false",
                                    "--orderflow.internal-api.keys[0]=test-internal-api-key",
                                    "--orderflow.operators.tokens.issuer=" + ISSUER_URL,
                                    "--orderflow.operators.tokens.jwk-set-uri="
                                            + DevelopmentIssuer.jwksUrl(ISSUER_URL),
                                    "--orderflow.operators.tokens.audiences[0]="
                                            + DevelopmentIssuer.OPERATIONS_AUDIENCE,
                                    "--orderflow.payment.gateway.url=" + gateway.url(),
                                    "--orderflow.payment.gateway.api-key=sk_test_sandbox",
                                    "--orderflow.payment.gateway.timeout=1500ms",
                                    "--orderflow.payment.reconciliation.interval=200ms",
                                    "--orderflow.payment.reconciliation.initial-backoff=200ms"));
        }
    }

    @AfterAll
    static void stop() throws Exception {
        INSTANCES.forEach(ConfigurableApplicationContext::close);
        postgres.close();
        gateway.close();
        issuer.close();
    }

    @BeforeEach
    void nothingFails() {
        gateway.setFault("{\"mode\":\"none\"}");
    }

    @Test
    void aPaymentIsAuthorizedCapturedAndRefunded() {
        assertThat(authorize("pm_card_visa").statusCode()).isEqualTo(201);
        assertLedger(1, "0.00", "49.90");
        assertThat(capture().statusCode()).isEqualTo(200);
        assertLedger(1, "49.90", "0.00");
        assertThat(refund().statusCode()).isEqualTo(200);
        assertLedger(1, "0.00", "0.00");
    }

    @Test
    void aVoidReleasesTheAuthorization() {
        authorize("pm_card_visa");
        assertThat(voidPayment().statusCode()).isEqualTo(200);
        assertLedger(1, "0.00", "0.00");
        assertThat(status()).isEqualTo("VOIDED");
    }

    @ParameterizedTest
    @CsvSource({
        "pm_card_chargeDeclined,generic_decline",
        "pm_card_chargeDeclinedInsufficientFunds,insufficient_funds",
        "pm_card_chargeDeclinedExpiredCard,expired_card",
        "pm_card_authenticationRequired,authentication_required",
        "pm_unknown,resource_missing"
    })
    void aDeclinedCardIsReportedWithTheDeclineCodeOfTheGateway(String card, String code) {
        var answer = authorize(card);
        assertThat(answer.statusCode()).isEqualTo(402);
        assertThat(json(answer).path("declineCode").asString()).isEqualTo(code);
        assertLedger(0, "0.00", "0.00");
        assertThat(authorize(card).body()).isEqualTo(answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"pm_card_slow", "pm_card_answerLost"})
    void anAuthorizationWhoseResponseIsLostIsFoundByAStatusRetrieval(String card) {
        assertThat(tryAuthorize(card).statusCode()).isEqualTo(201);
        assertLedger(1, "0.00", "49.90");
        assertThat(authorize(card).statusCode()).isEqualTo(201);
        assertThat(capture().statusCode()).isEqualTo(200);
        assertLedger(1, "49.90", "0.00");
    }

    static Stream<Arguments> faults() {
        return Stream.of("create", "confirm", "capture", "refund")
                .flatMap(
                        step ->
                                Stream.of(
                                                "down",
                                                "slow",
                                                "error500",
                                                "reset",
                                                "throttle429",
                                                "answerLost")
                                        // A refund's stored failure stays until the gateway forgets
                                        // the key.
                                        .filter(
                                                mode ->
                                                        !(step.equals("refund")
                                                                && mode.equals("error500")))
                                        .map(mode -> Arguments.of(step, mode)));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aFaultAtAnyStepChargesAndRefundsOnce(String step, String mode) {
        gateway.setFault("{\"mode\":\"%s\",\"on\":\"%s\",\"times\":1}".formatted(mode, step));
        assertThat(authorize("pm_card_visa").statusCode()).isEqualTo(201);
        assertThat(capture().statusCode()).isEqualTo(200);
        assertLedger(1, "49.90", "0.00");
        assertThat(refund().statusCode()).isEqualTo(200);
        assertLedger(1, "0.00", "0.00");
    }

    @ParameterizedTest
    @ValueSource(strings = {"down", "slow", "error500", "reset", "throttle429", "answerLost"})
    void aVoidSucceedsAfterAnyFault(String mode) {
        authorize("pm_card_visa");
        gateway.setFault("{\"mode\":\"%s\",\"on\":\"cancel\",\"times\":1}".formatted(mode));
        tryVoid();
        await().untilAsserted(() -> assertThat(status()).isEqualTo("VOIDED"));
        assertThat(voidPayment().statusCode()).isEqualTo(200);
        assertLedger(1, "0.00", "0.00");
    }

    @ParameterizedTest
    @ValueSource(strings = {"down", "reset", "throttle429", "error500"})
    void anOutageOfAllCallsChargesNothingAndTheNextAttemptSucceeds(String mode) {
        gateway.setFault("{\"mode\":\"%s\"}".formatted(mode));
        for (int i = 0; i < 3; i++) {
            var answer = tryAuthorize("pm_card_visa");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        }
        assertLedger(0, "0.00", "0.00");
        gateway.setFault("{\"mode\":\"none\"}");
        assertThat(authorize("pm_card_visa").statusCode()).isEqualTo(201);
        assertLedger(1, "0.00", "49.90");
    }

    @Test
    void anUnknownOutcomeIsResolvedWithoutAnotherRequest() {
        authorizeWhileBlind();
        assertThat(status()).isEqualTo("UNKNOWN");
        gateway.setFault("{\"mode\":\"none\"}");
        await().untilAsserted(() -> assertThat(status()).isEqualTo("AUTHORIZED"));
        assertLedger(1, "0.00", "49.90");
        assertThat(authorize("pm_card_answerLost").statusCode()).isEqualTo(201);
        assertLedger(1, "0.00", "49.90");
    }

    @Test
    void aVoidOfAnUnknownOutcomeReleasesTheAuthorization() {
        authorizeWhileBlind();
        gateway.setFault("{\"mode\":\"none\"}");
        assertThat(voidPayment().statusCode()).isEqualTo(200);
        assertLedger(1, "0.00", "0.00");
        assertThat(authorize("pm_card_answerLost").statusCode()).isEqualTo(410);
        assertThat(capture().statusCode()).isEqualTo(410);
    }

    /// Authorises a payment whose response is lost, while the status cannot be retrieved.
    private void authorizeWhileBlind() {
        gateway.setFault("{\"mode\":\"down\",\"on\":\"retrieve\"}");
        var answer = tryAuthorize("pm_card_answerLost");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(json(answer).path("type").asString()).endsWith("/payment-outcome-unknown");
        assertLedger(1, "0.00", "49.90");
    }

    @Test
    void anAuthorizationAfterItsVoidIsRefused() {
        assertThat(voidPayment().statusCode()).isEqualTo(200);
        assertThat(authorize("pm_card_visa").statusCode()).isEqualTo(410);
        assertLedger(0, "0.00", "0.00");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pm_card_visa", "pm_card_slow", "pm_card_answerLost"})
    void aConcurrentVoidEndsInVoid(String card) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var authorization = threads.submit(() -> authorize(card));
            await().pollInterval(Duration.ofMillis(1))
                    .until(() -> authorization.isDone() || get(0, "/" + order).statusCode() == 200);
            assertThat(voidPayment().statusCode()).isEqualTo(200);
            assertThat(authorization.get().statusCode()).isIn(201, 410);
        }
        assertThat(status()).isEqualTo("VOIDED");
        var ledger = gateway.ledger(order);
        assertThat(ledger.path("net").asString()).isEqualTo("0.00");
        assertThat(ledger.path("authorized").asString()).isEqualTo("0.00");
        assertThat(capture().statusCode()).isEqualTo(410);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "answerLost", "error500", "throttle429", "reset"})
    void concurrentDuplicatesAtBothInstancesChargeOnce(String mode) throws Exception {
        gateway.setFault("{\"mode\":\"%s\",\"times\":3}".formatted(mode));
        for (var step :
                List.<Callable<HttpResponse<String>>>of(
                        () -> tryAuthorize("pm_card_visa"), this::tryCapture)) {
            var answers = new ArrayList<Future<HttpResponse<String>>>();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 16; i++) {
                    answers.add(threads.submit(step));
                }
            }
            for (var answer : answers) {
                assertThat(answer.get().statusCode()).isIn(200, 201, 409, 503);
            }
            assertThat(untilAnswered(step).statusCode()).isIn(200, 201);
        }
        assertLedger(1, "49.90", "0.00");
        assertThat(gateway.ledger(order).path("intents").findValuesAsString("status"))
                .filteredOn("succeeded"::equals)
                .hasSize(1);
    }

    /// An upgrade may send one more parameter under a key that an older release has used.
    @Test
    void aKeyThatAnOlderReleaseUsedIsReplaced() {
        gateway.post(
                "payment_intents",
                "amount=4990&currency=eur&capture_method=manual",
                order + ":authorization");
        assertThat(authorize("pm_card_visa").statusCode()).isEqualTo(201);
        assertLedger(1, "0.00", "49.90");
        assertThat(capture().statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "charge_expired_for_capture,VOIDED",
        "payment_intent_unexpected_state,AUTHORIZED",
        "amount_too_large,AUTHORIZED",
        "parameter_unknown,AUTHORIZED"
    })
    void aPermanentlyRefusedCaptureIsAnsweredAtOnceWithTheErrorCode(String code, String status) {
        authorize("pm_card_visa");
        gateway.setFault(
                "{\"mode\":\"refused\",\"code\":\"%s\",\"on\":\"capture\",\"times\":1}"
                        .formatted(code));
        var refused = tryCapture();
        assertThat(refused.statusCode()).isEqualTo(424);
        assertThat(json(refused).path("gatewayCode").asString()).isEqualTo(code);
        await().untilAsserted(() -> assertThat(status()).isEqualTo(status));
        assertThat(capture().statusCode()).isEqualTo(status.equals("VOIDED") ? 410 : 200);
    }

    @Test
    void aRefundThatTheGatewayRefusesReportsTheRefundableAmount() {
        authorize("pm_card_visa");
        capture();
        var intent =
                new IntentId(gateway.ledger(order).path("intents").path(0).path("id").asString());
        gateway.refundInDashboard(intent, 600);
        var refused = refund();
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(json(refused).path("refundable").path("amount").asString()).isEqualTo("43.90");
        assertLedger(1, "43.90", "0.00");
        for (var part : List.of("40.00", "3.90")) {
            var body =
                    "{\"amount\":{\"amount\":\"%s\",\"currency\":\"EUR\"},\"reason\":\"CUSTOMER_REQUEST\"}"
                            .formatted(part);
            var refunded = untilAnswered(() -> post("refund", order + ":refund:" + part, body));
            assertThat(refunded.statusCode()).isEqualTo(200);
        }
        assertLedger(1, "0.00", "0.00");
    }

    @Test
    void anExpiredAuthorizationIsDetectedBeforeTheOrderIsDispatched() {
        authorize("pm_card_visa");
        assertThat(
                        json(post("authorization-verification", "{}"))
                                .path("dispatchAllowed")
                                .booleanValue())
                .isTrue();
        gateway.expireAuthorization(order);
        assertThat(
                        json(post("authorization-verification", "{}"))
                                .path("dispatchAllowed")
                                .booleanValue())
                .isFalse();
        assertThat(status()).isEqualTo("VOIDED");
        assertThat(voidPayment().statusCode()).isEqualTo(200);
    }

    private int turn;

    private HttpResponse<String> authorize(String card) {
        return untilAnswered(() -> tryAuthorize(card));
    }

    /// One request. Its status is 503 when the gateway responds after the time-out.
    private HttpResponse<String> tryAuthorize(String card) {
        return post(
                "authorization",
                "{\"customerRef\":\"cust-1842\",\"paymentMethodId\":\"%s\",\"amount\":%s}"
                        .formatted(card, AMOUNT));
    }

    private HttpResponse<String> capture() {
        return untilAnswered(this::tryCapture);
    }

    private HttpResponse<String> tryCapture() {
        return post("capture", "{\"amount\":" + AMOUNT + "}");
    }

    private HttpResponse<String> voidPayment() {
        return untilAnswered(this::tryVoid);
    }

    private HttpResponse<String> tryVoid() {
        return post("void", "{}");
    }

    private HttpResponse<String> refund() {
        return untilAnswered(
                () ->
                        post(
                                "refund",
                                "{\"amount\":" + AMOUNT + ",\"reason\":\"CUSTOMER_REQUEST\"}"));
    }

    private String status() {
        return json(get(0, "/" + order)).path("state").asString();
    }

    /// Repeats a request with the same key on 409 and 503, as the workflow does.
    private static HttpResponse<String> untilAnswered(Callable<HttpResponse<String>> request) {
        return await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .until(request, answer -> answer.statusCode() != 409 && answer.statusCode() != 503);
    }

    private HttpResponse<String> post(String step, String body) {
        return post(step, order + ":" + step, body);
    }

    private HttpResponse<String> post(String step, String key, String body) {
        return send(
                HttpRequest.newBuilder(uri(turn++ & 1, "/" + order + "/" + step))
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", key)
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> get(int instance, String path) {
        return send(HttpRequest.newBuilder(uri(instance, path)));
    }

    private static URI uri(int instance, String path) {
        var port =
                INSTANCES.get(instance).getEnvironment().getRequiredProperty("local.server.port");
        return URI.create("http://127.0.0.1:" + port + "/internal/payments" + path);
    }

    private void assertLedger(int charges, String net, String authorized) {
        var ledger = gateway.ledger(order);
        assertThat(ledger.path("charges").intValue()).as(ledger.toString()).isEqualTo(charges);
        assertThat(ledger.path("net").asString()).as(ledger.toString()).isEqualTo(net);
        assertThat(ledger.path("authorized").asString())
                .as(ledger.toString())
                .isEqualTo(authorized);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            // Only a person may refund.
            boolean forPeople = request.build().uri().getPath().endsWith("/refund");
            return HTTP.send(
                    (forPeople
                                    ? request.header("Authorization", "Bearer " + operator)
                                    : request.header("X-Api-Key", "test-internal-api-key"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }
}
