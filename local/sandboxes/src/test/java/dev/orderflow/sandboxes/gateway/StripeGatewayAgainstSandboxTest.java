package dev.orderflow.sandboxes.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.commandline.operations.DevelopmentTokenClient;
import dev.orderflow.contracts.fixture.BoundaryValues;
import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.PaymentMethodId;
import dev.orderflow.localmachine.FreePorts;
import dev.orderflow.localpostgres.LocalPostgres;
import dev.orderflow.payment.PaymentServiceApplication;
import dev.orderflow.payment.domain.IntentId;
import dev.orderflow.payment.domain.IntentStatus;
import dev.orderflow.payment.domain.RefundReason;
import dev.orderflow.payment.gateway.GatewayResult;
import dev.orderflow.payment.gateway.GatewayResult.RefusalSubject;
import dev.orderflow.payment.gateway.PaymentGateway;
import dev.orderflow.payment.gateway.PaymentGateway.ChangesResult;
import dev.orderflow.payment.gateway.PaymentGateway.RefundLookup;
import dev.orderflow.payment.stripe.StripeGateway;
import dev.orderflow.payment.stripe.StripeProperties;
import dev.orderflow.sandboxes.issuer.DevelopmentIssuer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
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
import org.junit.jupiter.api.Timeout;
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
class StripeGatewayAgainstSandboxTest {

    private static final String AMOUNT = "{\"amount\":\"49.90\",\"currency\":\"EUR\"}";
    private static final Money MONEY = Money.of("49.90", "EUR");

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static final int ISSUER_PORT = FreePorts.findOne();
    private static final URI ISSUER_URL = URI.create("http://127.0.0.1:" + ISSUER_PORT);

    private static DevelopmentIssuer issuer;
    private static String operator;
    private static SandboxGateway sandbox;
    private static LocalPostgres postgres;
    private static final List<ConfigurableApplicationContext> INSTANCES = new ArrayList<>();

    private final UUID order = UUID.randomUUID();

    @BeforeAll
    static void start() throws Exception {
        issuer =
                DevelopmentIssuer.start(
                        Set.of(DevelopmentIssuer.PROFILE), "127.0.0.1", ISSUER_PORT, ISSUER_URL);
        operator = new DevelopmentTokenClient(() -> ISSUER_URL, HTTP).operatorToken("oskar");
        sandbox = SandboxGateway.start(0, Duration.ofSeconds(3));
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
                                    "--orderflow.payment.gateway.url=" + sandbox.url(),
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
        sandbox.close();
        issuer.close();
    }

    @BeforeEach
    void nothingFails() {
        fault("{\"mode\":\"none\"}");
    }

    // Through the service

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
        assertThat(authorize(card).statusCode()).isEqualTo(201);
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
        fault("{\"mode\":\"%s\",\"on\":\"%s\",\"times\":1}".formatted(mode, step));
        assertThat(untilAnswered(() -> authorize("pm_card_visa")).statusCode()).isEqualTo(201);
        assertThat(untilAnswered(this::capture).statusCode()).isEqualTo(200);
        assertLedger(1, "49.90", "0.00");
        assertThat(untilAnswered(this::refund).statusCode()).isEqualTo(200);
        assertLedger(1, "0.00", "0.00");
    }

    @ParameterizedTest
    @ValueSource(strings = {"down", "slow", "error500", "reset", "throttle429", "answerLost"})
    void aVoidSucceedsAfterAnyFault(String mode) {
        authorize("pm_card_visa");
        fault("{\"mode\":\"%s\",\"on\":\"cancel\",\"times\":1}".formatted(mode));
        voidPayment();
        await().untilAsserted(() -> assertThat(status()).isEqualTo("VOIDED"));
        assertThat(voidPayment().statusCode()).isEqualTo(200);
        assertLedger(1, "0.00", "0.00");
    }

    @ParameterizedTest
    @ValueSource(strings = {"down", "reset", "throttle429", "error500"})
    void anOutageOfAllCallsChargesNothingAndTheNextAttemptSucceeds(String mode) {
        fault("{\"mode\":\"%s\"}".formatted(mode));
        for (int i = 0; i < 3; i++) {
            var answer = authorize("pm_card_visa");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        }
        assertLedger(0, "0.00", "0.00");
        fault("{\"mode\":\"none\"}");
        assertThat(untilAnswered(() -> authorize("pm_card_visa")).statusCode()).isEqualTo(201);
        assertLedger(1, "0.00", "49.90");
    }

    @Test
    void anUnknownOutcomeIsResolvedWithoutAnotherRequest() {
        authorizeWhileBlind();
        assertThat(status()).isEqualTo("UNKNOWN");
        fault("{\"mode\":\"none\"}");
        await().untilAsserted(() -> assertThat(status()).isEqualTo("AUTHORIZED"));
        assertLedger(1, "0.00", "49.90");
        assertThat(authorize("pm_card_answerLost").statusCode()).isEqualTo(201);
        assertLedger(1, "0.00", "49.90");
    }

    @Test
    void aVoidOfAnUnknownOutcomeReleasesTheAuthorization() {
        authorizeWhileBlind();
        fault("{\"mode\":\"none\"}");
        assertThat(voidPayment().statusCode()).isEqualTo(200);
        assertLedger(1, "0.00", "0.00");
        assertThat(authorize("pm_card_answerLost").statusCode()).isEqualTo(410);
        assertThat(capture().statusCode()).isEqualTo(410);
    }

    /// Authorises a payment whose response is lost, while the status cannot be retrieved.
    private void authorizeWhileBlind() {
        fault("{\"mode\":\"down\",\"on\":\"retrieve\"}");
        var answer = authorize("pm_card_answerLost");
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
            assertThat(untilAnswered(this::voidPayment).statusCode()).isEqualTo(200);
            assertThat(authorization.get().statusCode()).isIn(201, 410);
        }
        assertThat(status()).isEqualTo("VOIDED");
        var ledger = ledger();
        assertThat(ledger.path("net").asString()).isEqualTo("0.00");
        assertThat(ledger.path("authorized").asString()).isEqualTo("0.00");
        assertThat(capture().statusCode()).isEqualTo(410);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "answerLost", "error500", "throttle429", "reset"})
    void concurrentDuplicatesAtBothInstancesChargeOnce(String mode) throws Exception {
        fault("{\"mode\":\"%s\",\"times\":3}".formatted(mode));
        for (var step :
                List.<Callable<HttpResponse<String>>>of(
                        () -> authorize("pm_card_visa"), this::capture)) {
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
        assertThat(ledger().path("intents").findValuesAsString("status"))
                .filteredOn("succeeded"::equals)
                .hasSize(1);
    }

    // The adapter alone

    @Test
    void aRefusedConnectionMeansThatNothingWasExecuted() throws Exception {
        int port;
        try (var unused = new ServerSocket(0)) {
            port = unused.getLocalPort();
        }
        var nobody = adapter(URI.create("http://127.0.0.1:" + port), "sk_test_x");
        assertThat(nobody.confirm(new IntentId("pi_1"), "k"))
                .isInstanceOf(GatewayResult.GatewayUnreachable.class);
    }

    @Test
    void aRejectedApiKeyMeansThatNothingWasExecuted() {
        assertThat(open(adapter(sandbox.url(), "sk_live_oops"), "pm_card_visa"))
                .isInstanceOf(GatewayResult.GatewayUnreachable.class);
    }

    @Test
    void onlyACertainFailureIsReportedAsUnreachable() {
        var adapter = adapter(sandbox.url(), "sk_test_x");
        for (var mode : List.of("slow", "answerLost", "reset")) {
            fault("{\"mode\":\"%s\",\"times\":1}".formatted(mode));
            assertThat(open(adapter, "pm_card_visa"))
                    .isInstanceOfSatisfying(
                            GatewayResult.ResultUnknown.class,
                            none -> assertThat(none.failureStored()).isFalse());
        }
        for (var mode : List.of("error500", "down")) {
            fault("{\"mode\":\"%s\",\"times\":1}".formatted(mode));
            assertThat(open(adapter, "pm_card_visa"))
                    .isInstanceOfSatisfying(
                            GatewayResult.ResultUnknown.class,
                            none -> assertThat(none.failureStored()).isTrue());
        }
        fault("{\"mode\":\"throttle429\",\"times\":1}");
        assertThat(open(adapter, "pm_card_visa"))
                .isInstanceOf(GatewayResult.GatewayUnreachable.class);
    }

    @Test
    @Timeout(120)
    void aSlowlyDrippingResponseTimesOut() throws Exception {
        try (var dripping = new ServerSocket(0);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var served = threads.submit(() -> drip(dripping));
            var adapter =
                    adapter(URI.create("http://127.0.0.1:" + dripping.getLocalPort()), "sk_test_x");
            assertThat(adapter.retrieveStatus(new IntentId("pi_1")))
                    .isInstanceOf(GatewayResult.ResultUnknown.class);
            dripping.close();
            served.cancel(true);
        }
    }

    /// Sends bytes so often that a time-out between two bytes would never expire.
    private static Void drip(ServerSocket server) throws Exception {
        try (var socket = server.accept()) {
            var out = socket.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n".getBytes());
            while (!Thread.interrupted()) {
                out.write(' ');
                out.flush();
                Thread.sleep(50);
            }
        } catch (IOException | InterruptedException _) {
            // expected: the client closes the connection
        }
        return null;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n<a>",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 3\r\n\r\n<a>",
                "HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\n\r\n<a>",
                "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
                "NONSENSE\r\n\r\n",
                ""
            })
    void anInvalidResponseLeavesTheResultUnknown(String bytes) throws Exception {
        try (var odd = new ServerSocket(0);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.submit(
                    () -> {
                        try (var socket = odd.accept()) {
                            var unused = socket.getInputStream().read(new byte[8192]);
                            socket.getOutputStream().write(bytes.getBytes());
                        }
                        return null;
                    });
            var adapter =
                    adapter(URI.create("http://127.0.0.1:" + odd.getLocalPort()), "sk_test_x");
            assertThat(adapter.confirm(new IntentId("pi_1"), "k"))
                    .isInstanceOf(GatewayResult.ResultUnknown.class);
        }
    }

    @Test
    void everyIntentStatusIsRead() {
        var adapter = adapter(sandbox.url(), "sk_test_x");
        var intent = ((GatewayResult.StatusReported) open(adapter, "pm_card_visa")).intent();
        assertThat(intentStatus(adapter.retrieveStatus(intent)))
                .isEqualTo(new IntentStatus.IntentUnconfirmed());
        assertThat(intentStatus(adapter.confirm(intent, order + "a")))
                .isEqualTo(new IntentStatus.IntentAuthorized());
        assertThat(intentStatus(adapter.capture(intent, MONEY, order + "b")))
                .isEqualTo(new IntentStatus.IntentCaptured(MONEY, null));
        assertThat(adapter.cancel(intent, order + "c"))
                .isEqualTo(
                        new GatewayResult.RequestRefused(
                                "payment_intent_unexpected_state", RefusalSubject.OTHER));
        var part = Money.of("9.90", "EUR");
        assertThat(
                        intentStatus(
                                adapter.refund(
                                        order, intent, part, RefundReason.FRAUDULENT, order + "d")))
                .isEqualTo(new IntentStatus.IntentCaptured(MONEY, part));
        var refused =
                ((GatewayResult.StatusReported) open(adapter, "pm_card_chargeDeclined")).intent();
        assertThat(adapter.confirm(refused, order + "e"))
                .isEqualTo(new GatewayResult.PaymentMethodDeclined("generic_decline"));
        assertThat(intentStatus(adapter.retrieveStatus(refused)))
                .isEqualTo(new IntentStatus.IntentDeclined("generic_decline"));
        assertThat(intentStatus(adapter.cancel(refused, order + "f")))
                .isEqualTo(new IntentStatus.IntentCancelled());
    }

    @Test
    void anAuthorizationReportsItsExpiryAndExpires() {
        var adapter = adapter(sandbox.url(), "sk_test_x");
        var intent = opened(adapter, order);
        adapter.confirm(intent, order + ":confirm");
        assertThat(
                        ((IntentStatus.IntentAuthorized)
                                        intentStatus(adapter.retrieveStatus(intent)))
                                .until())
                .isBetween(
                        Instant.now().plus(Duration.ofDays(6)),
                        Instant.now().plus(Duration.ofDays(8)));
        endHold();
        assertThat(intentStatus(adapter.retrieveStatus(intent)))
                .isEqualTo(new IntentStatus.IntentCancelled());
        assertThat(adapter.capture(intent, MONEY, order + ":capture"))
                .isInstanceOf(GatewayResult.RequestRefused.class);
        assertThat(adapter.findCharges(List.of(order)))
                .isEqualTo(new PaymentGateway.ChargesResult.ChargesFound(List.of()));
    }

    @Test
    void aRefundIsFoundByItsKey() {
        var adapter = adapter(sandbox.url(), "sk_test_x");
        var intent = opened(adapter, order);
        adapter.confirm(intent, order + ":confirm");
        adapter.capture(intent, MONEY, order + ":capture");
        var part = Money.of("0.40", "EUR");
        assertThat(adapter.findRefund(intent, part, order + ":refund"))
                .isInstanceOf(RefundLookup.RefundAbsent.class);
        // More than one page of them.
        for (int i = 0; i < 102; i++) {
            adapter.refund(order, intent, part, RefundReason.DUPLICATE, order + ":refund:" + i);
        }
        assertThat(adapter.findRefund(intent, part, order + ":refund:0"))
                .isInstanceOf(RefundLookup.RefundFound.class);
        assertThat(adapter.findRefund(intent, part, order + ":refund"))
                .isInstanceOf(RefundLookup.RefundAbsent.class);
        refundInTheDashboard(intent, 40);
        assertThat(adapter.findRefund(intent, part, order + ":refund"))
                .isInstanceOf(RefundLookup.RefundAmbiguous.class);
        fault("{\"mode\":\"down\",\"on\":\"refunds\",\"times\":1}");
        assertThat(adapter.findRefund(intent, part, order + ":refund:0"))
                .isInstanceOf(RefundLookup.RefundLookupFailed.class);
    }

    @Test
    void refundsAndCancellationsAtTheGatewayAreListedSinceACursor() {
        var adapter = adapter(sandbox.url(), "sk_test_x");
        var begin = (ChangesResult.ChangesFound) adapter.findChanges(null, 100);
        var orders = Stream.generate(UUID::randomUUID).limit(5).toList();
        for (var one : orders) {
            adapter.cancel(opened(adapter, one), one + ":cancel");
        }
        if (begin.next() == null) {
            begin = (ChangesResult.ChangesFound) adapter.findChanges(null, 1);
        }
        var seen = new ArrayList<UUID>();
        var page = new ChangesResult.ChangesFound(List.of(), begin.next(), false);
        while (!page.complete()) {
            page = (ChangesResult.ChangesFound) adapter.findChanges(page.next(), 2);
            assertThat(page.orderIds()).hasSizeLessThanOrEqualTo(2);
            seen.addAll(page.orderIds());
        }
        assertThat(seen).containsAll(orders.subList(1, 5)).doesNotHaveDuplicates();
        assertThat(adapter.findChanges(page.next(), 100))
                .isEqualTo(new ChangesResult.ChangesFound(List.of(), page.next(), true));
        assertThat(adapter.findChanges("evt_of_another_year", 100))
                .isInstanceOf(ChangesResult.CursorExpired.class);
        fault("{\"mode\":\"down\",\"on\":\"events\",\"times\":1}");
        assertThat(adapter.findChanges(page.next(), 100))
                .isInstanceOf(ChangesResult.ChangesUnavailable.class);
    }

    /// An upgrade may send one more parameter under a key that an older release has used.
    @Test
    void aKeyThatAnOlderReleaseUsedIsReplaced() {
        stripe(
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
        fault(
                "{\"mode\":\"refused\",\"code\":\"%s\",\"on\":\"capture\",\"times\":1}"
                        .formatted(code));
        var refused = capture();
        assertThat(refused.statusCode()).isEqualTo(424);
        assertThat(json(refused).path("gatewayCode").asString()).isEqualTo(code);
        await().untilAsserted(() -> assertThat(status()).isEqualTo(status));
        assertThat(capture().statusCode()).isEqualTo(status.equals("VOIDED") ? 410 : 200);
    }

    @Test
    void aRefundThatTheGatewayRefusesReportsTheRefundableAmount() {
        authorize("pm_card_visa");
        capture();
        var intent = new IntentId(ledger().path("intents").path(0).path("id").asString());
        refundInTheDashboard(intent, 600);
        var refused = refund();
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(json(refused).path("refundable").path("amount").asString()).isEqualTo("43.90");
        assertLedger(1, "43.90", "0.00");
        for (var part : List.of("40.00", "3.90")) {
            assertThat(
                            post(
                                            "refund",
                                            order + ":refund:" + part,
                                            "{\"amount\":{\"amount\":\"%s\",\"currency\":\"EUR\"},\"reason\":\"CUSTOMER_REQUEST\"}"
                                                    .formatted(part))
                                    .statusCode())
                    .isEqualTo(200);
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
        endHold();
        assertThat(
                        json(post("authorization-verification", "{}"))
                                .path("dispatchAllowed")
                                .booleanValue())
                .isFalse();
        assertThat(status()).isEqualTo("VOIDED");
        assertThat(voidPayment().statusCode()).isEqualTo(200);
    }

    private static IntentId opened(StripeGateway adapter, UUID order) {
        var opened =
                adapter.createIntent(
                        order, new PaymentMethodId("pm_card_visa"), MONEY, order + ":open");
        return ((GatewayResult.StatusReported) opened).intent();
    }

    private void endHold() {
        var ended =
                send(
                        HttpRequest.newBuilder(
                                        URI.create(
                                                sandbox.url() + "/sandbox/authorizations/" + order))
                                .PUT(HttpRequest.BodyPublishers.ofString("{\"seconds\":0}")));
        assertThat(ended.statusCode()).as(ended.body()).isEqualTo(200);
    }

    private static void refundInTheDashboard(IntentId intent, int units) {
        stripe("refunds", "amount=" + units + "&payment_intent=" + intent.value(), null);
    }

    private static void stripe(String what, String form, String key) {
        var request =
                HttpRequest.newBuilder(URI.create(sandbox.url() + "/v1/" + what))
                        .header("Authorization", "Bearer sk_test_dashboard")
                        .POST(HttpRequest.BodyPublishers.ofString(form));
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        var answer = send(request);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @Test
    void theStateBatchShowsTwoIntentsOfOneOrder() {
        var adapter = adapter(sandbox.url(), "sk_test_x");
        authorize("pm_card_visa");
        capture();
        var second =
                (GatewayResult.StatusReported)
                        adapter.createIntent(
                                order, new PaymentMethodId("pm_card_visa"), MONEY, order + ":2");
        adapter.createIntent(order, new PaymentMethodId("pm_card_visa"), MONEY, order + ":3");
        var others = Stream.generate(UUID::randomUUID).limit(24).toList();
        var asked = Stream.concat(others.stream(), Stream.of(order)).toList();
        assertThat(adapter.findCharges(asked))
                .isEqualTo(
                        new PaymentGateway.ChargesResult.ChargesFound(
                                List.of(
                                        new PaymentGateway.OrderCharge(
                                                order, MONEY, MONEY, null))));
        adapter.confirm(second.intent(), order + ":2:confirm");
        assertThat(adapter.findCharges(asked))
                .isEqualTo(
                        new PaymentGateway.ChargesResult.ChargesFound(
                                List.of(
                                        new PaymentGateway.OrderCharge(order, MONEY, MONEY, null),
                                        new PaymentGateway.OrderCharge(order, MONEY, null, null))));
        fault("{\"mode\":\"down\",\"on\":\"search\",\"times\":1}");
        assertThat(adapter.findCharges(asked))
                .isInstanceOf(PaymentGateway.ChargesResult.ChargesUnavailable.class);
    }

    @Test
    void allPagesOfIntentsAreRead() {
        var adapter = adapter(sandbox.url(), "sk_test_x");
        for (int i = 0; i < 101; i++) {
            var opened =
                    (GatewayResult.StatusReported)
                            adapter.createIntent(
                                    order,
                                    new PaymentMethodId("pm_card_visa"),
                                    MONEY,
                                    order + ":" + i);
            adapter.confirm(opened.intent(), order + ":confirm:" + i);
        }
        assertThat(
                        ((PaymentGateway.ChargesResult.ChargesFound)
                                        adapter.findCharges(List.of(order)))
                                .charges())
                .hasSize(101);
    }

    private static IntentStatus intentStatus(GatewayResult answer) {
        assertThat(answer).isInstanceOf(GatewayResult.StatusReported.class);
        return ((GatewayResult.StatusReported) answer).status();
    }

    private static StripeGateway adapter(URI base, String key) {
        return new StripeGateway(
                new StripeProperties(base, key, Duration.ofMillis(500), Duration.ofMillis(1500)));
    }

    private static GatewayResult open(StripeGateway adapter, String card) {
        return adapter.createIntent(
                UUID.randomUUID(), new PaymentMethodId(card), MONEY, UUID.randomUUID().toString());
    }

    @Test
    void theSandboxAcceptsExactlyTheAmountsThatTheServicesAccept() {
        var adapter = adapter(sandbox.url(), "sk_test_sandbox");
        assertThat(BoundaryValues.CHARGE.validValues())
                .allSatisfy(
                        charge ->
                                assertThat(open(adapter, "pm_card_visa", charge))
                                        .isInstanceOf(GatewayResult.StatusReported.class));
        assertThat(BoundaryValues.CHARGE.invalidValues())
                .allSatisfy(
                        charge ->
                                assertThat(open(adapter, "pm_card_visa", charge))
                                        .isNotInstanceOf(GatewayResult.StatusReported.class));
    }

    private static GatewayResult open(StripeGateway adapter, String card, String charge) {
        return adapter.createIntent(
                UUID.randomUUID(),
                new PaymentMethodId(card),
                Money.of(BoundaryValues.first(charge), BoundaryValues.second(charge)),
                UUID.randomUUID().toString());
    }

    // Helpers

    private int turn;

    private HttpResponse<String> authorize(String card) {
        return post(
                "authorization",
                "{\"customerRef\":\"cust-1842\",\"paymentMethodId\":\"%s\",\"amount\":%s}"
                        .formatted(card, AMOUNT));
    }

    private HttpResponse<String> capture() {
        return post("capture", "{\"amount\":" + AMOUNT + "}");
    }

    private HttpResponse<String> voidPayment() {
        return post("void", "{}");
    }

    private HttpResponse<String> refund() {
        return post("refund", "{\"amount\":" + AMOUNT + ",\"reason\":\"CUSTOMER_REQUEST\"}");
    }

    private String status() {
        return json(get(0, "/" + order)).path("state").asString();
    }

    /// Repeats a request with the same key on 409 and 503, as the workflow does.
    private static HttpResponse<String> untilAnswered(Callable<HttpResponse<String>> request) {
        return await().atMost(Duration.ofMinutes(2))
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

    private JsonNode ledger() {
        return json(
                send(
                        HttpRequest.newBuilder(
                                URI.create(sandbox.url() + "/sandbox/ledger/" + order))));
    }

    private void assertLedger(int charges, String net, String held) {
        var ledger = ledger();
        assertThat(ledger.path("charges").intValue()).as(ledger.toString()).isEqualTo(charges);
        assertThat(ledger.path("net").asString()).as(ledger.toString()).isEqualTo(net);
        assertThat(ledger.path("authorized").asString()).as(ledger.toString()).isEqualTo(held);
    }

    private static void fault(String body) {
        var answer =
                send(
                        HttpRequest.newBuilder(URI.create(sandbox.url() + "/sandbox/faults"))
                                .PUT(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
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
