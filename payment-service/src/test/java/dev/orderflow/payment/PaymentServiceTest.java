package dev.orderflow.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.PaymentMethodId;
import dev.orderflow.defaults.fixture.ApiFuzzer;
import dev.orderflow.defaults.fixture.PostgresFixture;
import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.payment.FakePaymentGateway.GatewayCall;
import dev.orderflow.payment.FakePaymentGateway.GatewayFault;
import dev.orderflow.payment.domain.IntentStatus;
import dev.orderflow.payment.gateway.GatewayResult;
import dev.orderflow.payment.operation.OutcomeReconciler;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The service as callers see it, with a gateway that fails where a test wants it to.
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=payment-service",
            "orderflow.payment.gateway.api-key=sk_test_unused",
            // The tests run the reconciler by themselves.
            "orderflow.payment.reconciliation.interval=1h",
            "orderflow.payment.reconciliation.batch-size=1000",
            // A registry that sums up instead of one that starts anew each minute.
            "management.cloudwatch.metrics.export.namespace=false"
        })
@ContextConfiguration(initializers = {PostgresFixture.class, SqsFixture.class})
@Import(PaymentServiceTest.Doubles.class)
class PaymentServiceTest {

    @TestConfiguration
    static class Doubles {
        @Bean
        @Primary
        FakePaymentGateway gatewayDouble() {
            return new FakePaymentGateway();
        }
    }

    private static final String AMOUNT = "{\"amount\":\"49.90\",\"currency\":\"EUR\"}";
    private static final String CAPTURE = "{\"amount\":" + AMOUNT + "}";
    private static final String REFUND =
            "{\"amount\":" + AMOUNT + ",\"reason\":\"CUSTOMER_REQUEST\"}";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port;
    private final FakePaymentGateway gateway;
    private final OutcomeReconciler reconciler;
    private final JdbcClient jdbc;
    private final MeterRegistry meters;
    private final UUID order = UUID.randomUUID();

    @Autowired
    PaymentServiceTest(
            @LocalServerPort int port,
            FakePaymentGateway gateway,
            OutcomeReconciler reconciler,
            JdbcClient jdbc,
            MeterRegistry meters) {
        this.port = port;
        this.gateway = gateway;
        this.reconciler = reconciler;
        this.jdbc = jdbc;
        this.meters = meters;
    }

    @BeforeEach
    void nothingFailsAndNothingIsStored() {
        gateway.reset();
        jdbc.sql("TRUNCATE payment, payment_operation, unknown_outcome").update();
    }

    // The way it should go

    @Test
    void noOperationAnswersAHostileValueInWordsOfJava(
            @Autowired @Qualifier("requestMappingHandlerMapping")
                    RequestMappingHandlerMapping mapping) {
        var operations = ApiFuzzer.ofInternalApi(mapping, port);
        assertThat(operations.findViolations()).isEmpty();
        assertThat(operations.requestCount()).isGreaterThan(50);
    }

    @Test
    void moneyIsHeldThenTaken() {
        var held = authorize();
        assertThat(held.statusCode()).isEqualTo(201);
        assertThat(json(held))
                .isEqualTo(
                        JsonMapper.shared()
                                .readTree(
                                        """
                                        {"paymentId":"%s","orderId":"%s","paymentStatus":"AUTHORIZED","amount":%s}"""
                                                .formatted(
                                                        json(held).get("paymentId").asString(),
                                                        order,
                                                        AMOUNT)));
        assertThat(gateway.intentStatuses(order))
                .containsExactly(new IntentStatus.IntentAuthorized());

        var taken = capture();
        assertThat(taken.statusCode()).isEqualTo(200);
        assertThat(json(taken).get("paymentStatus").asString()).isEqualTo("CAPTURED");
        assertThat(gateway.countCaptures(order)).isEqualTo(1);
        assertThat(status()).isEqualTo("CAPTURED");
    }

    @Test
    void theGatewayOnlySeesKeysMadeOfTheOrder() {
        authorize("any-key-of-the-caller", method("pm_card_visa"));
        post("capture", "another", CAPTURE);
        post("refund", "yet-another", REFUND);
        assertThat(gateway.recordedCalls().stream().map(FakePaymentGateway.RecordedCall::key))
                .containsExactly(
                        order + ":authorization",
                        order + ":authorization:confirm",
                        order + ":capture",
                        order + ":refund");
    }

    @Test
    void aPaymentTellsItsStateAndWhatWasAsked() {
        authorize();
        post("capture", order + ":capture", CAPTURE);
        var payment = json(get(order.toString()));
        assertThat(payment.get("paymentStatus").asString()).isEqualTo("CAPTURED");
        assertThat(payment.get("captured").get("amount").asString()).isEqualTo("49.90");
        assertThat(payment.get("operations"))
                .hasSize(2)
                .first()
                .satisfies(
                        first -> {
                            assertThat(first.get("key").asString())
                                    .isEqualTo(order + ":authorization");
                            assertThat(first.get("result").asString()).isEqualTo("AUTHORIZED");
                        });
        assertThat(json(get("by-key/" + order + ":capture"))).isEqualTo(payment);
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertProblem(get(order.toString()), 404, "payment-not-found");
        assertProblem(get("by-key/nobody-used-this"), 404, "payment-not-found");
        assertProblem(capture(), 404, "payment-not-found");
        assertProblem(refund(), 404, "payment-not-found");
    }

    @Test
    void theStandingsTellWhatIsStoredBesideWhatTheGatewayCharged() {
        authorize();
        capture();
        gateway.confirm(
                ((GatewayResult.StatusReported)
                                gateway.createIntent(
                                        order,
                                        new PaymentMethodId("pm_card_visa"),
                                        Money.of("49.90", "EUR"),
                                        order + ":by-hand"))
                        .intent(),
                order + ":by-hand:confirm");
        var answer = standings("[\"%s\",\"%s\"]".formatted(order, UUID.randomUUID()));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).path("payments")).hasSize(1);
        assertThat(json(answer).path("payments").path(0).path("paymentStatus").asString())
                .isEqualTo("CAPTURED");
        assertThat(json(answer).path("charges")).hasSize(2);
        assertThat(json(answer).path("charges").findValuesAsString("orderId"))
                .containsOnly(order.toString());
    }

    @Test
    void whatTheGatewayDoesNotTellIsNotGuessed() {
        authorize();
        gateway.fail(GatewayCall.RETRIEVE_STATUS, GatewayFault.UNREACHABLE);
        assertProblem(standings("[\"%s\"]".formatted(order)), 503, "gateway-unavailable");
        assertThat(standings("[]").statusCode()).isEqualTo(400);
    }

    private HttpResponse<String> standings(String orderIds) {
        return send("status-batch", null, "{\"orderIds\":" + orderIds + "}");
    }

    // Repeats

    @Test
    void theSameRequestAgainGetsTheFirstAnswerByteForByte() {
        var first = authorize();
        var again = authorize();
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(first.headers().firstValue("Idempotency-Replayed")).isEmpty();
        assertThat(again.headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
        assertThat(capture().body()).isEqualTo(capture().body());
        assertThat(gateway.countCaptures(order)).isEqualTo(1);
        assertThat(refund().body()).isEqualTo(refund().body());
        assertThat(gateway.countRefunds(order)).isEqualTo(1);
        assertThat(authorize().body()).isEqualTo(first.body());
    }

    @Test
    void anotherBodyUnderTheSameKeyIsRefusedAndCounted() {
        authorize();
        double before = meters.counter("orderflow.payment.key.reused").count();
        var other = authorize(order + ":authorization", method("pm_card_mastercard"));
        assertProblem(other, 422, "idempotency-key-reused");
        assertProblem(
                post("capture", order + ":authorization", CAPTURE), 422, "idempotency-key-reused");
        var stranger = UUID.randomUUID();
        assertProblem(
                send(stranger + "/authorization", order + ":authorization", method("pm_card_visa")),
                422,
                "idempotency-key-reused");
        assertThat(meters.counter("orderflow.payment.key.reused").count()).isEqualTo(before + 3);
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
        assertThat(gateway.countAuthorizations(stranger)).isZero();
    }

    @Test
    void anotherKeyIsNoWayToASecondCharge() {
        authorize();
        assertProblem(authorize("second-key", method("pm_card_visa")), 409, "authorization-exists");
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
        capture();
        var again = post("capture", "second-capture", CAPTURE);
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(gateway.countCaptures(order)).isEqualTo(1);
        refund();
        assertProblem(post("refund", "second-refund", REFUND), 409, "already-refunded");
        assertThat(gateway.countRefunds(order)).isEqualTo(1);
    }

    @Test
    void aDeclineIsStoredLikeAnyAnswer() {
        var first = authorize(order + ":authorization", method("pm_card_chargeDeclined"));
        assertProblem(first, 402, "payment-declined");
        assertThat(json(first).get("declineCode").asString()).isEqualTo("generic_decline");
        var calls = gateway.recordedCalls().size();
        var again = authorize(order + ":authorization", method("pm_card_chargeDeclined"));
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.statusCode()).isEqualTo(402);
        assertThat(gateway.recordedCalls()).hasSize(calls);
        assertThat(status()).isEqualTo("DECLINED");
        assertProblem(capture(), 422, "payment-not-capturable");
    }

    @Test
    void aMeansOfPaymentThatDoesNotExistIsDeclined() {
        var answer = authorize(order + ":authorization", method("pm_nonsense"));
        assertProblem(answer, 402, "payment-declined");
        assertThat(json(answer).get("declineCode").asString()).isEqualTo("resource_missing");
        assertThat(letGo().statusCode()).isEqualTo(200);
    }

    @Test
    void aRequestWhileTheFirstIsAtWorkIsToldToWait() throws Exception {
        var gate = gateway.gate(GatewayCall.CONFIRM);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> authorize());
            gate.awaitCaller();
            var meanwhile = authorize();
            assertProblem(meanwhile, 409, "request-in-flight");
            assertThat(meanwhile.headers().firstValue("Retry-After")).contains("2");
            gate.open();
            assertThat(first.get().statusCode()).isEqualTo(201);
        }
        assertThat(authorize().statusCode()).isEqualTo(201);
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
    }

    @Test
    void duplicatesFromManyThreadsChargeOnce() throws Exception {
        for (var step :
                List.<Callable<HttpResponse<String>>>of(
                        this::authorize, this::capture, this::refund)) {
            var answers = atOnce(24, step);
            assertThat(answers.stream().map(HttpResponse::statusCode))
                    .allMatch(status -> status == 200 || status == 201 || status == 409)
                    .anyMatch(status -> status != 409);
            assertThat(
                            answers.stream()
                                    .filter(answer -> answer.statusCode() != 409)
                                    .map(HttpResponse::body)
                                    .distinct())
                    .hasSize(1);
        }
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
        assertThat(gateway.countCaptures(order)).isEqualTo(1);
        assertThat(gateway.countRefunds(order)).isEqualTo(1);
        assertThat(gateway.intentStatuses(order)).hasSize(1);
    }

    @Test
    void differentKeysAtTheSameMomentChargeOnce() throws Exception {
        var number = new AtomicInteger();
        var answers =
                atOnce(
                        16,
                        () ->
                                authorize(
                                        "key-" + number.incrementAndGet() + order,
                                        method("pm_card_visa")));
        assertThat(answers.stream().filter(answer -> answer.statusCode() == 201)).hasSize(1);
        assertThat(answers)
                .allMatch(answer -> answer.statusCode() == 201 || answer.statusCode() == 409);
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
    }

    // Void and refund

    @Test
    void aVoidLetsGoOfWhatIsHeld() {
        authorize();
        var voided = letGo();
        assertThat(voided.statusCode()).isEqualTo(200);
        assertThat(json(voided).get("paymentStatus").asString()).isEqualTo("VOIDED");
        assertThat(gateway.intentStatuses(order))
                .containsExactly(new IntentStatus.IntentCancelled());
        assertThat(letGo().body()).isEqualTo(voided.body());
        assertThat(post("void", "another-key", "{}").statusCode()).isEqualTo(200);
        assertProblem(capture(), 410, "payment-voided");
    }

    @Test
    void aVoidBeforeTheOriginalRefusesTheLateOriginal() {
        assertThat(letGo().statusCode()).isEqualTo(200);
        assertThat(status()).isEqualTo("VOIDED");
        assertProblem(authorize(), 410, "payment-voided");
        assertProblem(authorize("another-key", method("pm_card_visa")), 410, "payment-voided");
        assertThat(gateway.recordedCalls()).isEmpty();
    }

    @Test
    void aVoidOfADeclinedPaymentSucceeds() {
        authorize(order + ":authorization", method("pm_card_chargeDeclined"));
        assertThat(letGo().statusCode()).isEqualTo(200);
        assertThat(gateway.intentStatuses(order))
                .containsExactly(new IntentStatus.IntentCancelled());
    }

    @Test
    void aVoidOfWhatIsTakenIsRefused() {
        authorize();
        capture();
        assertProblem(letGo(), 412, "already-captured");
        assertThat(gateway.intentStatuses(order))
                .containsExactly(new IntentStatus.IntentCaptured(Money.of("49.90", "EUR"), null));
        refund();
        assertProblem(post("void", "later", "{}"), 412, "already-captured");
    }

    @ParameterizedTest
    @EnumSource(
            value = GatewayCall.class,
            names = {"CREATE_INTENT", "CONFIRM"})
    void aVoidWhileTheAuthorisationIsAtWorkWins(GatewayCall at) throws Exception {
        var gate = gateway.gate(at);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var authorization = threads.submit(() -> authorize());
            gate.awaitCaller();
            assertThat(letGo().statusCode()).isEqualTo(200);
            gate.open();
            assertProblem(authorization.get(), 410, "payment-voided");
        }
        assertThat(gateway.intentStatuses(order))
                .containsExactly(new IntentStatus.IntentCancelled());
        assertThat(status()).isEqualTo("VOIDED");
        assertProblem(authorize(), 410, "payment-voided");
        assertThat(gateway.countAuthorizations(order)).isZero();
    }

    @Test
    void aVoidAfterTheChargeAndBeforeItsAnswerIsKnownLetsGo() {
        gateway.fail(GatewayCall.CONFIRM, GatewayFault.CRASH_AFTER);
        authorize();
        assertThat(gateway.intentStatuses(order))
                .containsExactly(new IntentStatus.IntentAuthorized());
        assertThat(letGo().statusCode()).isEqualTo(200);
        assertThat(gateway.intentStatuses(order))
                .containsExactly(new IntentStatus.IntentCancelled());
        leasesRunOut();
        assertProblem(authorize(), 410, "payment-voided");
        assertThat(status()).isEqualTo("VOIDED");
    }

    @Test
    void aVoidDoesNotGuessWhileTheTakingIsUnknown() {
        authorize();
        gateway.fail(GatewayCall.CAPTURE, GatewayFault.CRASH_AFTER);
        capture();
        assertProblem(letGo(), 409, "payment-operation-pending");
        settleUnknown();
        assertProblem(letGo(), 412, "already-captured");
    }

    @Test
    void aVoidThatTheGatewayDidNotAnswerIsRepeatedUntilItDoes() {
        authorize();
        gateway.fail(
                GatewayCall.CANCEL,
                GatewayFault.UNREACHABLE,
                GatewayFault.LOST_BEFORE,
                GatewayFault.FAILED_AND_STORED);
        assertProblem(letGo(), 503, "gateway-unavailable");
        assertThat(status()).isEqualTo("UNKNOWN");
        settleUnknown();
        assertThat(gateway.intentStatuses(order))
                .containsExactly(new IntentStatus.IntentAuthorized());
        settleUnknown();
        assertThat(gateway.intentStatuses(order))
                .containsExactly(new IntentStatus.IntentAuthorized());
        settleUnknown();
        assertThat(gateway.intentStatuses(order))
                .containsExactly(new IntentStatus.IntentCancelled());
        assertThat(status()).isEqualTo("VOIDED");
        assertThat(letGo().statusCode()).isEqualTo(200);
    }

    @Test
    void aPartMayBeTakenAndAPartGivenBack() {
        authorize();
        var less = "{\"amount\":{\"amount\":\"40.00\",\"currency\":\"EUR\"}}";
        assertThat(post("capture", "c", less).statusCode()).isEqualTo(200);
        assertProblem(refund(), 422, "amount-not-allowed");
        var back =
                post(
                        "refund",
                        "r",
                        "{\"amount\":{\"amount\":\"5.00\",\"currency\":\"EUR\"},\"reason\":\"DUPLICATE\"}");
        assertThat(json(back).get("amount").get("amount").asString()).isEqualTo("5.00");
        assertThat(json(get(order.toString())).get("refunded").get("amount").asString())
                .isEqualTo("5.00");
        assertProblem(post("capture", "c2", CAPTURE), 422, "amount-not-allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"49.91 EUR", "1.00 USD"})
    void noMoreIsTakenThanIsHeld(String wrong) {
        authorize();
        var body =
                "{\"amount\":{\"amount\":\"%s\",\"currency\":\"%s\"}}"
                        .formatted((Object[]) wrong.split(" "));
        assertProblem(post("capture", "c", body), 422, "amount-not-allowed");
        assertThat(gateway.countCaptures(order)).isZero();
        assertThat(capture().statusCode()).isEqualTo(200);
    }

    @Test
    void whatWasNotTakenIsNotGivenBack() {
        authorize();
        assertProblem(refund(), 409, "payment-not-captured");
        assertThat(gateway.countRefunds(order)).isZero();
    }

    // What fails

    static Stream<Arguments> crashes() {
        return EnumSet.complementOf(
                        EnumSet.of(GatewayCall.RETRIEVE_STATUS, GatewayCall.FIND_REFUND))
                .stream()
                .flatMap(
                        call ->
                                Stream.of(GatewayFault.CRASH_BEFORE, GatewayFault.CRASH_AFTER)
                                        .map(fault -> Arguments.of(call, fault)));
    }

    @ParameterizedTest
    @MethodSource("crashes")
    void aProcessThatDiesBetweenAnyTwoStepsLeavesNothingDoneTwice(
            GatewayCall at, GatewayFault crash) {
        gateway.fail(at, crash);
        var died = new ArrayList<HttpResponse<String>>();
        for (var step :
                List.<Callable<HttpResponse<String>>>of(
                        this::authorize,
                        at == GatewayCall.CANCEL ? this::letGo : this::capture,
                        at == GatewayCall.CANCEL ? this::letGo : this::refund)) {
            var answer = call(step);
            if (answer.statusCode() == 500) {
                died.add(answer);
                assertProblem(call(step), 409, "request-in-flight");
                leasesRunOut();
                answer = call(step);
            }
            assertThat(answer.statusCode()).isIn(200, 201);
        }
        assertThat(died).hasSize(1);
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
        assertThat(gateway.countCaptures(order)).isEqualTo(at == GatewayCall.CANCEL ? 0 : 1);
        assertThat(gateway.countRefunds(order)).isEqualTo(at == GatewayCall.CANCEL ? 0 : 1);
        assertThat(gateway.intentStatuses(order)).hasSize(1);
        assertThat(status()).isEqualTo(at == GatewayCall.CANCEL ? "VOIDED" : "REFUNDED");
    }

    @ParameterizedTest
    @EnumSource(
            value = GatewayCall.class,
            names = {"CONFIRM", "CAPTURE", "REFUND"})
    void whoTakesOverAsksBeforeAnythingElse(GatewayCall at) {
        gateway.fail(at, GatewayFault.CRASH_AFTER);
        var answers = new ArrayList<HttpResponse<String>>();
        for (var step :
                List.<Callable<HttpResponse<String>>>of(
                        this::authorize, this::capture, this::refund)) {
            var answer = call(step);
            answers.add(answer);
            if (answer.statusCode() == 500) {
                break;
            }
        }
        leasesRunOut();
        int before = gateway.recordedCalls().size();
        var again =
                switch (at) {
                    case CONFIRM -> authorize();
                    case CAPTURE -> capture();
                    default -> refund();
                };
        assertThat(again.statusCode()).isIn(200, 201);
        assertThat(
                        gateway.recordedCalls().stream()
                                .skip(before)
                                .map(FakePaymentGateway.RecordedCall::call))
                .containsExactly(
                        at == GatewayCall.REFUND
                                ? GatewayCall.FIND_REFUND
                                : GatewayCall.RETRIEVE_STATUS);
    }

    @Test
    void aLostAnswerIsAskedForAtOnce() {
        gateway.fail(GatewayCall.CONFIRM, GatewayFault.LOST_AFTER);
        assertThat(authorize().statusCode()).isEqualTo(201);
        gateway.fail(GatewayCall.CAPTURE, GatewayFault.LOST_AFTER);
        assertThat(capture().statusCode()).isEqualTo(200);
        gateway.fail(GatewayCall.REFUND, GatewayFault.LOST_AFTER);
        assertThat(refund().statusCode()).isEqualTo(200);
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
        assertThat(gateway.countCaptures(order)).isEqualTo(1);
        assertThat(gateway.countRefunds(order)).isEqualTo(1);
    }

    @Test
    void whatNobodyKnowsIsUnknownUntilTheGatewayTells() {
        gateway.fail(GatewayCall.CONFIRM, GatewayFault.LOST_AFTER);
        gateway.fail(GatewayCall.RETRIEVE_STATUS, GatewayFault.LOST_BEFORE);
        var unknown = authorize();
        assertProblem(unknown, 503, "payment-outcome-unknown");
        assertThat(unknown.headers().firstValue("Retry-After")).contains("2");
        var payment = json(get(order.toString()));
        assertThat(payment.get("paymentStatus").asString()).isEqualTo("UNKNOWN");
        assertThat(payment.get("pendingOperation").asString()).isEqualTo("AUTHORIZATION");
        assertThat(authorize().statusCode()).isEqualTo(201);
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
        assertThat(
                        gateway.recordedCalls().stream()
                                .filter(made -> made.call() == GatewayCall.CONFIRM))
                .hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = GatewayCall.class,
            names = {"CREATE_INTENT", "CONFIRM"})
    void aGatewayThatIsNotReachedDidNothingAndIsTriedAgainWithTheSameKey(GatewayCall at) {
        gateway.fail(at, GatewayFault.UNREACHABLE);
        var answer = authorize();
        assertProblem(answer, 503, "gateway-unavailable");
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(authorize().statusCode()).isEqualTo(201);
        assertThat(
                        gateway.recordedCalls().stream()
                                .filter(made -> made.call() == at)
                                .map(FakePaymentGateway.RecordedCall::key)
                                .distinct())
                .hasSize(1);
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = GatewayCall.class,
            names = {"CREATE_INTENT", "CONFIRM", "CAPTURE", "CANCEL"})
    void aKeyUnderWhichTheGatewayRepeatsAFailureIsLeftBehind(GatewayCall at) {
        gateway.fail(at, GatewayFault.FAILED_AND_STORED, GatewayFault.FAILED_AND_STORED);
        for (var step :
                List.<Callable<HttpResponse<String>>>of(
                        this::authorize, at == GatewayCall.CANCEL ? this::letGo : this::capture)) {
            var answer = call(step);
            for (int tries = 0; answer.statusCode() == 503 && tries < 4; tries++) {
                answer = call(step);
            }
            assertThat(answer.statusCode()).isIn(200, 201);
        }
        var keys =
                gateway.recordedCalls().stream()
                        .filter(made -> made.call() == at)
                        .map(FakePaymentGateway.RecordedCall::key)
                        .toList();
        assertThat(keys).hasSize(3).doesNotHaveDuplicates();
        assertThat(keys.get(1)).isEqualTo(keys.get(0) + ":2");
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
    }

    @Test
    void aRefundKeepsItsKeyWhileItMayBeOnItsWay() {
        authorize();
        capture();
        gateway.fail(GatewayCall.REFUND, GatewayFault.FAILED_AND_STORED);
        assertProblem(refund(), 503, "payment-outcome-unknown");
        assertProblem(refund(), 503, "payment-outcome-unknown");
        assertThat(
                        gateway.recordedCalls().stream()
                                .filter(made -> made.call() == GatewayCall.REFUND)
                                .map(FakePaymentGateway.RecordedCall::key)
                                .distinct())
                .containsExactly(order + ":refund");
    }

    // Several refunds

    @Test
    void whatTheGatewayRefusesIsNeverAnsweredAsDoneAndTellsWhatIsLeft() {
        authorize();
        capture();
        gateway.refundInTheDashboard(order, Money.of("9.90", "EUR"));
        var refused = refund();
        assertProblem(refused, 422, "amount-not-allowed");
        assertThat(json(refused).path("gatewayCode").asString()).isEqualTo("invalid_request");
        assertThat(amount(refused, "captured")).isEqualTo("49.90");
        assertThat(amount(refused, "refunded")).isEqualTo("9.90");
        assertThat(amount(refused, "refundable")).isEqualTo("40.00");
        assertThat(gateway.countRefunds(order)).isZero();
        assertThat(status()).isEqualTo("CAPTURED");

        var rest = post("refund", "rest", refundOf("40.00"));
        assertThat(rest.statusCode()).isEqualTo(200);
        assertThat(amount(rest, "amount")).isEqualTo("40.00");
        assertThat(amount(rest, "refundable")).isEqualTo("0.00");
        assertThat(gateway.countRefunds(order)).isEqualTo(1);
    }

    @Test
    void aPaymentIsGivenBackInSeveralPartsEachUnderItsOwnKey() {
        authorize();
        capture();
        var first = post("refund", "first", refundOf("6.00"));
        assertThat(amount(first, "amount")).isEqualTo("6.00");
        assertThat(amount(first, "refundable")).isEqualTo("43.90");
        var more = post("refund", "more", refundOf("43.91"));
        assertProblem(more, 422, "amount-not-allowed");
        assertThat(amount(more, "refundable")).isEqualTo("43.90");
        gateway.fail(GatewayCall.REFUND, GatewayFault.LOST_AFTER);
        var second = post("refund", "second", refundOf("43.90"));
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(amount(second, "refunded")).isEqualTo("49.90");
        assertThat(post("refund", "first", refundOf("6.00")).body()).isEqualTo(first.body());
        assertThat(post("refund", "second", refundOf("43.90")).body()).isEqualTo(second.body());
        assertProblem(post("refund", "third", refundOf("0.01")), 409, "already-refunded");
        assertThat(gateway.countRefunds(order)).isEqualTo(2);
        assertThat(json(get(order.toString())).path("refundable").path("amount").asString())
                .isEqualTo("0.00");
    }

    @Test
    void aRefundThatNobodyComesBackForIsFoundByItsKeyAndAnswered() {
        authorize();
        capture();
        post("refund", "first", refundOf("6.00"));
        gateway.fail(GatewayCall.REFUND, GatewayFault.CRASH_AFTER);
        post("refund", "second", refundOf("6.00"));
        settleUnknown();
        assertThat(status()).isEqualTo("REFUNDED");
        var again = post("refund", "second", refundOf("6.00"));
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(amount(again, "refunded")).isEqualTo("12.00");
        assertThat(gateway.countRefunds(order)).isEqualTo(2);
    }

    @Test
    void aRefundThatNeverArrivedIsGivenUpAfterAWhileAndIsAnotherOneThen() {
        authorize();
        capture();
        gateway.fail(GatewayCall.REFUND, GatewayFault.FAILED_AND_STORED);
        assertProblem(refund(), 503, "payment-outcome-unknown");
        settleUnknown();
        assertThat(status()).isEqualTo("UNKNOWN");
        jdbc.sql("UPDATE unknown_outcome SET requested_at = now() - interval '11 minutes'")
                .update();
        settleUnknown();
        assertThat(status()).isEqualTo("CAPTURED");
        assertThat(refund().statusCode()).isEqualTo(200);
        assertThat(gateway.countRefunds(order)).isEqualTo(1);
    }

    @Test
    void aRefundOfTheSameAmountThatNamesNobodyKeepsTheOutcomeOpen() {
        authorize();
        capture();
        gateway.refundInTheDashboard(order, Money.of("6.00", "EUR"));
        gateway.fail(GatewayCall.REFUND, GatewayFault.KEY_CONFLICT);
        double before = meters.counter("orderflow.payment.contradictions").count();
        assertProblem(post("refund", "r", refundOf("6.00")), 503, "payment-outcome-unknown");
        jdbc.sql("UPDATE unknown_outcome SET requested_at = now() - interval '11 minutes'")
                .update();
        settleUnknown();
        assertThat(status()).isEqualTo("UNKNOWN");
        assertThat(meters.counter("orderflow.payment.contradictions").count())
                .isGreaterThan(before);
        assertThat(gateway.countRefunds(order)).isZero();
    }

    @Test
    void whatWasDoneInTheDashboardIsListedAndTakenOver() {
        authorize();
        capture();
        var before = json(get("gateway-changes")).path("next").asString();
        gateway.refundInTheDashboard(order, Money.of("9.90", "EUR"));
        var changes = json(get("gateway-changes?after=" + before));
        assertThat(changes.path("orderIds").values())
                .extracting(JsonNode::asString)
                .containsExactly(order.toString());
        assertThat(
                        json(get("gateway-changes?after=" + changes.path("next").asString()))
                                .path("orderIds"))
                .isEmpty();
        assertThat(status()).isEqualTo("CAPTURED");
        var taken = send(order + "/reconciliation", null, "{}");
        assertThat(taken.statusCode()).isEqualTo(200);
        assertThat(amount(taken, "refunded")).isEqualTo("9.90");
        assertThat(amount(taken, "refundable")).isEqualTo("40.00");
        assertProblem(
                send(UUID.randomUUID() + "/reconciliation", null, "{}"), 404, "payment-not-found");
    }

    // What the gateway refuses for good

    @Test
    void anAmountThatTheGatewayDoesNotTakeIsNoDeclineAndNoOutage() {
        gateway.fail(GatewayCall.CREATE_INTENT, GatewayFault.AMOUNT_REFUSED);
        var refused = authorize();
        assertProblem(refused, 422, "payment-not-possible");
        assertThat(json(refused).path("gatewayCode").asString()).isEqualTo("amount_too_small");
        assertThat(letGo().statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(
            value = GatewayCall.class,
            names = {"CREATE_INTENT", "CONFIRM", "CAPTURE", "CANCEL"})
    void aRefusalForGoodIsAnsweredAtOnceWithTheGatewaysCode(GatewayCall at) {
        gateway.fail(at, GatewayFault.REFUSED);
        var refused = authorize();
        if (refused.statusCode() == 201) {
            refused = at == GatewayCall.CANCEL ? letGo() : capture();
        }
        assertProblem(refused, 424, "gateway-refused");
        assertThat(json(refused).path("gatewayCode").asString()).isEqualTo("refused_for_good");
        assertThat(get(order.toString()).body()).contains("\"gatewayCode\":\"refused_for_good\"");
        // When its cause is mended, the same request is welcome, under another key at the gateway.
        var mended =
                switch (at) {
                    case CAPTURE -> capture();
                    case CANCEL -> letGo();
                    default -> authorize();
                };
        assertThat(mended.statusCode()).isIn(200, 201);
        assertThat(
                        gateway.recordedCalls().stream()
                                .filter(made -> made.call() == at)
                                .map(FakePaymentGateway.RecordedCall::key))
                .hasSize(2)
                .doesNotHaveDuplicates();
        assertThat(get(order.toString()).body()).doesNotContain("gatewayCode");
    }

    @Test
    void aHoldWhoseTimeIsOverIsLetGoAndNeverCapturedAgain() {
        authorize();
        gateway.fail(GatewayCall.CAPTURE, GatewayFault.AUTHORIZATION_EXPIRED);
        var refused = capture();
        assertProblem(refused, 424, "gateway-refused");
        assertThat(json(refused).path("gatewayCode").asString())
                .isEqualTo("charge_expired_for_capture");
        settleUnknown();
        assertThat(status()).isEqualTo("VOIDED");
        assertProblem(capture(), 410, "payment-voided");
        assertThat(gateway.countCaptures(order)).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = GatewayCall.class,
            names = {"CREATE_INTENT", "CONFIRM", "CAPTURE", "CANCEL"})
    void aKeyThatTheGatewayKnowsWithOtherParametersIsLeftBehindAtOnce(GatewayCall at) {
        gateway.fail(at, GatewayFault.KEY_CONFLICT, GatewayFault.KEY_CONFLICT);
        assertThat(authorize().statusCode()).isEqualTo(201);
        assertThat((at == GatewayCall.CANCEL ? letGo() : capture()).statusCode()).isEqualTo(200);
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
        assertThat(gateway.countCaptures(order)).isEqualTo(at == GatewayCall.CANCEL ? 0 : 1);
    }

    // The hold, before an order is dispatched

    @Test
    void anOrderIsDispatchedOnlyOnAHoldThatOutlastsItsCapture() {
        authorize();
        assertThat(hold().path("dispatchAllowed").asBoolean()).isTrue();
        gateway.setAuthorizedUntil(order, Instant.now().plus(Duration.ofHours(23)));
        assertThat(hold().path("dispatchAllowed").asBoolean()).isFalse();
        assertThat(hold().path("authorizedUntil").asString()).isNotEmpty();
        gateway.setAuthorizedUntil(order, Instant.now().plus(Duration.ofHours(25)));
        assertThat(hold().path("dispatchAllowed").asBoolean()).isTrue();
        gateway.fail(GatewayCall.RETRIEVE_STATUS, GatewayFault.UNREACHABLE);
        assertProblem(
                send(order + "/authorization-verification", null, "{}"),
                503,
                "gateway-unavailable");
        gateway.expireAuthorization(order);
        assertThat(hold().path("dispatchAllowed").asBoolean()).isFalse();
        assertThat(status()).isEqualTo("VOIDED");
        assertThat(letGo().statusCode()).isEqualTo(200);
    }

    @Test
    void withoutAHoldNothingIsDispatched() {
        assertProblem(
                send(order + "/authorization-verification", null, "{}"), 404, "payment-not-found");
        authorize(order + ":authorization", method("pm_card_chargeDeclined"));
        assertThat(hold().path("dispatchAllowed").asBoolean()).isFalse();
    }

    @Test
    void anOrderWhoseMoneyIsCapturedMayBeDispatched() {
        authorize();
        capture();
        assertThat(hold().path("dispatchAllowed").asBoolean()).isTrue();
    }

    private JsonNode hold() {
        return json(send(order + "/authorization-verification", null, "{}"));
    }

    private static String refundOf(String amount) {
        return "{\"amount\":{\"amount\":\"%s\",\"currency\":\"EUR\"},\"reason\":\"CUSTOMER_REQUEST\"}"
                .formatted(amount);
    }

    private static String amount(HttpResponse<String> answer, String name) {
        return json(answer).path(name).path("amount").asString();
    }

    // The reconciler

    @Test
    void whatNobodyComesBackForIsSettledByAsking() {
        gateway.fail(GatewayCall.CONFIRM, GatewayFault.CRASH_AFTER);
        authorize();
        reconciler.reconcileDue();
        assertThat(status()).as("somebody may still be at work").isEqualTo("UNKNOWN");
        settleUnknown();
        assertThat(status()).isEqualTo("AUTHORIZED");
        assertThat(gateway.recordedCalls().stream().map(FakePaymentGateway.RecordedCall::call))
                .containsExactly(
                        GatewayCall.CREATE_INTENT,
                        GatewayCall.CONFIRM,
                        GatewayCall.RETRIEVE_STATUS);
        leasesRunOut();
        assertThat(authorize().statusCode()).isEqualTo(201);
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
    }

    @Test
    void aGatewayThatSaysNotDoneIsBelievedOnlyAfterAWhile() {
        gateway.fail(GatewayCall.CONFIRM, GatewayFault.CRASH_BEFORE);
        authorize();
        settleUnknown();
        assertThat(status()).isEqualTo("UNKNOWN");
        jdbc.sql("UPDATE unknown_outcome SET requested_at = now() - interval '11 minutes'")
                .update();
        settleUnknown();
        assertThat(status()).isEqualTo("REQUESTED");
        leasesRunOut();
        assertThat(authorize().statusCode()).isEqualTo(201);
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
    }

    @Test
    void theReconcilerNeverTakesOrGivesBackMoney() {
        authorize();
        gateway.fail(GatewayCall.CAPTURE, GatewayFault.CRASH_BEFORE);
        capture();
        settleUnknown();
        assertThat(gateway.countCaptures(order)).isZero();
        leasesRunOut();
        capture();
        gateway.fail(GatewayCall.REFUND, GatewayFault.CRASH_BEFORE);
        refund();
        settleUnknown();
        assertThat(gateway.countRefunds(order)).isZero();
        assertThat(status()).isEqualTo("UNKNOWN");
    }

    @Test
    void reconcilersAtTheSameMomentAskOnceEach() throws Exception {
        settleUnknown();
        var orders = IntStream.range(0, 30).mapToObj(_ -> UUID.randomUUID()).toList();
        for (var one : orders) {
            gateway.fail(GatewayCall.CONFIRM, GatewayFault.CRASH_AFTER);
            send(one + "/authorization", one + ":authorization", method("pm_card_visa"));
        }
        due();
        gateway.reset();
        atOnce(4, reconciler::reconcileDue);
        assertThat(gateway.recordedCalls())
                .hasSize(30)
                .allMatch(made -> made.call() == GatewayCall.RETRIEVE_STATUS);
        for (var one : orders) {
            assertThat(json(get(one.toString())).get("paymentStatus").asString())
                    .isEqualTo("AUTHORIZED");
        }
    }

    @Test
    void aGatewayThatIsAwayIsAskedAgainLaterAndLater() {
        gateway.fail(GatewayCall.CONFIRM, GatewayFault.CRASH_AFTER);
        authorize();
        gateway.fail(
                GatewayCall.RETRIEVE_STATUS, GatewayFault.UNREACHABLE, GatewayFault.CRASH_BEFORE);
        settleUnknown();
        double first = nextAskIn();
        settleUnknown();
        assertThat(nextAskIn()).isGreaterThan(first);
        assertThat(status()).isEqualTo("UNKNOWN");
        settleUnknown();
        assertThat(status()).isEqualTo("AUTHORIZED");
    }

    /// The clock of the rows is put on by five minutes at a time.
    @Test
    void anHourWithoutTheGatewayEndsInOneHeldCharge() {
        gateway.fail(GatewayCall.CONFIRM, GatewayFault.LOST_AFTER);
        gateway.fail(
                GatewayCall.RETRIEVE_STATUS,
                Collections.nCopies(100, GatewayFault.UNREACHABLE).toArray(GatewayFault[]::new));
        assertProblem(authorize(), 503, "payment-outcome-unknown");
        for (int minutes = 0; minutes < 60; minutes += 5) {
            jdbc.sql(
                            """
                            UPDATE unknown_outcome
                            SET unknown_since = unknown_since - interval '5 minutes',
                                requested_at = requested_at - interval '5 minutes',
                                next_check_at = next_check_at - interval '5 minutes'
                            """)
                    .update();
            leasesRunOut();
            assertThat(reconciler.reconcileDue()).as("asked in minute " + minutes).isEqualTo(1);
            assertProblem(authorize(), 503, "payment-outcome-unknown");
            assertThat(status()).isEqualTo("UNKNOWN");
        }
        gateway.reset();
        due();
        reconciler.reconcileDue();
        assertThat(status()).isEqualTo("AUTHORIZED");
        assertThat(authorize().statusCode()).isEqualTo(201);
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
    }

    @Test
    void theGaugeCountsWhatIsOpenForLong() {
        settleUnknown();
        gateway.fail(GatewayCall.CONFIRM, GatewayFault.CRASH_AFTER);
        authorize();
        reconciler.reconcileDue();
        assertThat(unknownGauge()).isZero();
        jdbc.sql("UPDATE unknown_outcome SET unknown_since = now() - interval '1 minute'").update();
        reconciler.reconcileDue();
        assertThat(unknownGauge()).isEqualTo(1);
        settleUnknown();
        assertThat(unknownGauge()).isZero();
    }

    @Test
    void outcomesAreCountedOnceAndReplaysAreNot() {
        double before = outcomes("authorization", "authorized");
        authorize();
        authorize();
        assertThat(outcomes("authorization", "authorized")).isEqualTo(before + 1);
        double declined = outcomes("authorization", "declined");
        var other = UUID.randomUUID();
        send(other + "/authorization", other + ":a", method("pm_card_chargeDeclined"));
        assertThat(outcomes("authorization", "declined")).isEqualTo(declined + 1);
    }

    // Bad input

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"\"",
                "{",
                "{}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm\"}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm\",\"amount\":null}",
                "{\"customerRef\":null,\"paymentMethodId\":\"pm\",\"amount\":{\"amount\":\"1.00\",\"currency\":\"EUR\"}}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm\",\"amount\":{\"amount\":1.00,\"currency\":\"EUR\"}}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm\",\"amount\":{\"amount\":\"-1.00\",\"currency\":\"EUR\"}}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm\",\"amount\":{\"amount\":\"0.49\",\"currency\":\"EUR\"}}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm\",\"amount\":{\"amount\":\"1000000.00\",\"currency\":\"EUR\"}}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm\",\"amount\":{\"amount\":\"1.00\",\"currency\":\"DEM\"}}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm-card-visa\",\"amount\":{\"amount\":\"1.00\",\"currency\":\"EUR\"}}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm\",\"amount\":{\"amount\":\"1e9\",\"currency\":\"EUR\"}}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm\",\"amount\":{\"amount\":\"1.00\",\"currency\":\"EURO\"}}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm\",\"amount\":{\"amount\":\"1.00\",\"currency\":\"ZZZ\"}}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm\",\"amount\":{\"amount\":\"1.00\",\"currency\":\"EUR\"},\"x\":1}",
                "{\"customerRef\":\"c\",\"customerRef\":\"d\",\"paymentMethodId\":\"pm\",\"amount\":{\"amount\":\"1.00\",\"currency\":\"EUR\"}}",
                "{\"customerRef\":\"ada@example.org\",\"paymentMethodId\":\"pm\",\"amount\":{\"amount\":\"1.00\",\"currency\":\"EUR\"}}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm/../../v1\",\"amount\":{\"amount\":\"1.00\",\"currency\":\"EUR\"}}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm\\u0000\",\"amount\":{\"amount\":\"1.00\",\"currency\":\"EUR\"}}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm\",\"amount\":[[[[[[[[[[]]]]]]]]]]}"
            })
    void aBodyThatIsWrongIsRefusedAndChangesNothing(String body) {
        var answer = post("authorization", order + ":authorization", body);
        assertProblem(answer, 400, "malformed-body");
        assertThat(answer.body()).doesNotContain("dev.orderflow").doesNotContain("Exception");
        assertThat(gateway.recordedCalls()).isEmpty();
        assertProblem(get(order.toString()), 404, "payment-not-found");
    }

    @Test
    void otherBodiesAreReadJustAsStrictly() {
        assertProblem(post("void", "k", "{\"force\":true}"), 400, "malformed-body");
        assertProblem(post("void", "k", ""), 400, "malformed-body");
        assertProblem(post("capture", "k", "{}"), 400, "malformed-body");
        assertProblem(
                post("refund", "k", "{\"amount\":" + AMOUNT + ",\"reason\":\"BECAUSE\"}"),
                400,
                "malformed-body");
        assertProblem(
                post("refund", "k", "{\"amount\":" + AMOUNT + ",\"reason\":0}"),
                400,
                "malformed-body");
        assertProblem(post("refund", "k", "{\"amount\":" + AMOUNT + "}"), 400, "malformed-body");
    }

    @Test
    void aKeyMustBeThereAndReadable() {
        assertProblem(post("void", null, "{}"), 400, "idempotency-key-missing");
        assertProblem(post("void", "two words", "{}"), 400, "idempotency-key-malformed");
        assertProblem(post("void", "k".repeat(256), "{}"), 400, "idempotency-key-malformed");
        assertThat(post("void", "k".repeat(255), "{}").statusCode()).isEqualTo(200);
    }

    @Test
    void strangersAreTurnedAway() throws Exception {
        var request =
                HttpRequest.newBuilder(uri(order + "/void"))
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", "k")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build();
        var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertProblem(answer, 403, "internal-api-key-required");
        assertProblem(get(order.toString()), 404, "payment-not-found");
    }

    @Test
    void pathsAndMethodsThatAreWrongAreProblemsToo() {
        assertThat(send("not-an-order/void", "k", "{}").statusCode()).isEqualTo(400);
        assertThat(send("by-key/void", "k", "{}").statusCode()).isEqualTo(400);
        assertThat(get(order + "/void").statusCode()).isEqualTo(405);
        assertThat(get("by-key/%00").statusCode()).isEqualTo(400);
        assertThat(get("by-key/%E2%82%AC").statusCode()).isEqualTo(400);
        assertThat(get("by-key/a%20b").statusCode()).isEqualTo(400);
        assertThat(get("..%2f..%2factuator").statusCode()).isEqualTo(400);
        assertThat(post("authorization", "k", "x".repeat(70_000)).statusCode()).isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GARBAGE\r\n\r\n",
                "POST /internal/payments HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n",
                "GET /internal/payments/%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                "POST /internal/payments/x/void HTTP/1.1\r\nHost: x\r\nX-Api-Key: test-internal-api-key\r\nContent-Type: text/xml\r\nContent-Length: 4\r\nConnection: close\r\n\r\n<a/>"
            })
    void rawNonsenseIsNeverAnErrorOfOurs(String request) throws Exception {
        assertThat(raw(request)).startsWith("HTTP/1.1 4").doesNotContain("Exception");
    }

    // Tools

    private HttpResponse<String> authorize() {
        return authorize(order + ":authorization", method("pm_card_visa"));
    }

    private HttpResponse<String> authorize(String key, String body) {
        return post("authorization", key, body);
    }

    private HttpResponse<String> capture() {
        return post("capture", order + ":capture", CAPTURE);
    }

    private HttpResponse<String> letGo() {
        return post("void", order + ":void", "{}");
    }

    private HttpResponse<String> refund() {
        return post("refund", order + ":refund", REFUND);
    }

    private static String method(String paymentMethod) {
        return "{\"customerRef\":\"cust-1842\",\"paymentMethodId\":\"%s\",\"amount\":%s}"
                .formatted(paymentMethod, AMOUNT);
    }

    private HttpResponse<String> post(String step, String key, String body) {
        return send(order + "/" + step, key, body);
    }

    private HttpResponse<String> send(String path, String key, String body) {
        var request =
                HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", "application/json")
                        .header("X-Api-Key", "test-internal-api-key")
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        return call(() -> http.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    }

    private HttpResponse<String> get(String path) {
        var request =
                HttpRequest.newBuilder(uri(path))
                        .header("X-Api-Key", "test-internal-api-key")
                        .build();
        return call(() -> http.send(request, HttpResponse.BodyHandlers.ofString()));
    }

    private URI uri(String path) {
        return URI.create("http://localhost:" + port + "/internal/payments/" + path);
    }

    private String raw(String request) throws IOException {
        try (var socket = new Socket("localhost", port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            var answer = new byte[2000];
            int length = socket.getInputStream().read(answer);
            return new String(answer, 0, Math.max(length, 0), StandardCharsets.ISO_8859_1);
        }
    }

    private static <T> T call(Callable<T> call) {
        try {
            return call.call();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    private static <T> List<T> atOnce(int count, Callable<T> call) throws Exception {
        var start = new CyclicBarrier(count);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures = new ArrayList<Future<T>>();
            for (int i = 0; i < count; i++) {
                futures.add(
                        threads.submit(
                                () -> {
                                    start.await();
                                    return call.call();
                                }));
            }
            var results = new ArrayList<T>();
            for (var future : futures) {
                results.add(future.get());
            }
            return results;
        }
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    private String status() {
        return json(get(order.toString())).get("paymentStatus").asString();
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String slug) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                .startsWith("application/problem+json");
        assertThat(json(answer).path("type").asString(""))
                .as(answer.body())
                .isEqualTo("https://orderflow.dev/problems/" + slug);
    }

    private void leasesRunOut() {
        jdbc.sql("UPDATE payment_operation SET lease_until = now() - interval '1 second'").update();
    }

    private void due() {
        jdbc.sql("UPDATE unknown_outcome SET next_check_at = now() - interval '1 second'").update();
    }

    private void settleUnknown() {
        due();
        reconciler.reconcileDue();
    }

    private double nextAskIn() {
        return jdbc.sql(
                        """
                        SELECT extract(epoch FROM next_check_at - clock_timestamp())
                        FROM unknown_outcome WHERE order_id = :order
                        """)
                .param("order", order)
                .query(Double.class)
                .single();
    }

    private double unknownGauge() {
        return meters.get("orderflow.payment.unknown").gauge().value();
    }

    private double outcomes(String operation, String outcome) {
        return meters.counter(
                        "orderflow.payment.outcomes", "operation", operation, "outcome", outcome)
                .count();
    }
}
