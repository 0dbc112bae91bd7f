package dev.orderflow.shipping;

import static dev.orderflow.shipping.ShippingStubServer.bookingRequests;
import static dev.orderflow.shipping.ShippingStubServer.callbacks;
import static dev.orderflow.shipping.ShippingStubServer.permitRequests;
import static dev.orderflow.shipping.ShippingStubServer.problem;
import static dev.orderflow.shipping.ShippingStubServer.stepFunctionsError;
import static dev.orderflow.shipping.ShippingStubServer.withdrawalRequests;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.Headers;
import dev.orderflow.contracts.ArrangeShipment;
import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.OrderCancellationRequested;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.defaults.fixture.ApiFuzzer;
import dev.orderflow.defaults.fixture.HttpStub;
import dev.orderflow.defaults.fixture.HttpStub.StubResponse;
import dev.orderflow.defaults.fixture.PostgresFixture;
import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.shipping.domain.ShipmentReport;
import dev.orderflow.shipping.domain.TaskToken;
import dev.orderflow.shipping.shipment.AttemptResult;
import dev.orderflow.shipping.shipment.CarrierCircuitBreaker;
import dev.orderflow.shipping.shipment.ShipmentService;
import dev.orderflow.shipping.shipment.Shipments;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/// The whole service on a real Postgres and real queues, its neighbours played by stand-ins over
/// HTTP.
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=shipping-service",
            // With this registry counters can be read immediately, not after a minute.
            "management.cloudwatch.metrics.export.namespace=false",
            "spring.cloud.aws.sqs.listener.poll-timeout=1s",
            "orderflow.delivery.initial-back-off=0s",
            "orderflow.shipping.circuit-breaker.open-duration=200ms",
            "orderflow.shipping.retry.initial-delay=1s",
            "orderflow.shipping.retry.max-delay=1s",
            "orderflow.shipping.scheduler.interval=100ms",
            "orderflow.shipping.scheduler.heartbeat-interval=400ms",
            "orderflow.shipping.scheduler.initial-resume-delay=1s",
            "orderflow.shipping.scheduler.max-resume-delay=1s"
        })
@ContextConfiguration(
        initializers = {PostgresFixture.class, SqsFixture.class, ShippingStubServer.class})
@ExtendWith(OutputCaptureExtension.class)
class ShippingServiceTest {

    private static final String REQUESTS = "shipping-requests";
    private static final String CANCELLATIONS = "shipping-cancellations";
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private final int port;
    private final ShipmentService shipmentService;
    private final Shipments shipments;
    private final CarrierCircuitBreaker circuitBreaker;
    private final JdbcClient jdbc;
    private final MeterRegistry meters;

    private final UUID order = UUID.randomUUID();
    private final String token = "token-of-" + order;

    @Autowired
    ShippingServiceTest(
            @LocalServerPort int port,
            ShipmentService shipmentService,
            Shipments shipments,
            CarrierCircuitBreaker circuitBreaker,
            JdbcClient jdbc,
            MeterRegistry meters) {
        this.port = port;
        this.shipmentService = shipmentService;
        this.shipments = shipments;
        this.circuitBreaker = circuitBreaker;
        this.jdbc = jdbc;
        this.meters = meters;
    }

    @BeforeAll
    static void queues() {
        SqsFixture.createQueue(REQUESTS);
        SqsFixture.createQueue(CANCELLATIONS);
    }

    @BeforeEach
    void resetStubsAndQueues() {
        ShippingStubServer.reset();
        // A message left by an earlier test would create a shipment during this one.
        eventually().until(() -> SqsFixture.depth(REQUESTS) == 0);
        eventually().until(() -> SqsFixture.depth(CANCELLATIONS) == 0);
        jdbc.sql("DELETE FROM shipment").update();
        SqsFixture.receiveAndDelete(REQUESTS + "-dlq");
        SqsFixture.receiveAndDelete(CANCELLATIONS + "-dlq");
    }

    // The main path

    @Test
    void noOperationRevealsJavaInItsProblems(
            @Autowired @Qualifier("requestMappingHandlerMapping")
                    RequestMappingHandlerMapping mapping) {
        var operations = ApiFuzzer.ofInternalApi(mapping, port);
        assertThat(operations.findViolations()).isEmpty();
        assertThat(operations.requestCount()).isGreaterThan(50);
    }

    @Test
    void anOrderIsBookedAndTheWorkflowIsAnswered(CapturedOutput output) {
        double before = meters.counter("shipments.booked").count();
        request(order, token);
        eventually().until(() -> status(order).equals("BOOKED/ANSWERED"));
        eventually().until(() -> SqsFixture.depth(REQUESTS) == 0);

        assertThat(permitRequests(order)).hasSize(1);
        assertThat(bookingRequests(order)).hasSize(1);
        assertThat(bookingRequests(order).getFirst().header("Idempotency-Key"))
                .isEqualTo(order.toString());
        assertThat(bookingRequests(order).getFirst().body())
                .contains("Ada Lovelace", "SW1Y 4JH", "\"MUG-BLUE\"");
        var answers = callbacks(token, "SendTaskSuccess");
        assertThat(answers).hasSize(1);
        assertThat(answers.getFirst().body())
                .contains("trackingNumber", "TRACK-" + order, "shipmentId");
        assertThat(meters.counter("shipments.booked").count()).isEqualTo(before + 1);

        assertThat(storedRows()).doesNotContain("Ada", "Lovelace", "Square", "SW1Y");
        assertThat(output).doesNotContain("Ada", "Lovelace", "Square", "SW1Y", token);
    }

    @Test
    void aRequestDeliveredAgainChangesNothing() {
        request(order, token);
        request(order, token);
        request(order, token);
        eventually().until(() -> SqsFixture.depth(REQUESTS) == 0);
        eventually().until(() -> status(order).equals("BOOKED/ANSWERED"));
        assertThat(bookingRequests(order))
                .extracting(request -> request.header("Idempotency-Key"))
                .containsOnly(order.toString());
        assertThat(count("SELECT count(*) FROM shipment")).isEqualTo(1);
        assertThat(SqsFixture.depth(REQUESTS + "-dlq")).isZero();

        int booked = bookingRequests(order).size();
        request(order, token);
        eventually().until(() -> SqsFixture.depth(REQUESTS) == 0);
        assertThat(bookingRequests(order)).hasSize(booked);
    }

    @Test
    void aRepeatedRequestOfTheWorkflowGetsTheSameAnswer() {
        request(order, token);
        eventually().until(() -> status(order).equals("BOOKED/ANSWERED"));
        request(order, token + "-2");
        eventually().until(() -> !callbacks(token + "-2", "SendTaskSuccess").isEmpty());
        assertThat(callbacks(token + "-2", "SendTaskSuccess").getFirst().body())
                .contains("TRACK-" + order);
        assertThat(bookingRequests(order)).hasSize(1);
    }

    // Refusals

    @Test
    void nothingIsDispatchedWhenTheAuthorizationHasExpired() {
        ShippingStubServer.AUTHORIZATIONS.put(
                order, ShippingStubServer.authorization(order, false));
        request(order, token);
        eventually().until(() -> status(order).equals("AUTHORIZATION_EXPIRED/ANSWERED"));
        assertThat(permitRequests(order)).isEmpty();
        assertThat(bookingRequests(order)).isEmpty();
        assertThat(callbacks(token, "SendTaskFailure").getFirst().body())
                .contains("\"PaymentAuthorizationExpired\"");
    }

    @Test
    void anAuthorizationThatExpiresDuringAnOutageWithdrawsTheBooking() {
        ShippingStubServer.BOOKINGS.put(order, new StubResponse(503, ""));
        request(order, token);
        eventually().until(() -> status(order).equals("DISPATCH_PERMITTED/PENDING"));
        ShippingStubServer.WITHDRAWALS.put(order, new StubResponse(503, ""));
        ShippingStubServer.AUTHORIZATIONS.put(
                order, ShippingStubServer.authorization(order, false));
        eventually().until(() -> !withdrawalRequests(order).isEmpty());
        assertThat(status(order)).as("the withdrawal has no result yet").isEqualTo("DISPATCH_PERMITTED/PENDING");
        ShippingStubServer.WITHDRAWALS.clear();
        eventually().until(() -> status(order).equals("AUTHORIZATION_EXPIRED/ANSWERED"));
        assertThat(callbacks(token, "SendTaskFailure").getFirst().body())
                .contains("\"PaymentAuthorizationExpired\"");
    }

    @Test
    void aParcelThatTheCarrierHasIsReportedAsShippedAfterItsAuthorizationExpired() {
        ShippingStubServer.BOOKINGS.put(order, new StubResponse(503, ""));
        request(order, token);
        eventually().until(() -> status(order).equals("DISPATCH_PERMITTED/PENDING"));
        ShippingStubServer.WITHDRAWALS.put(
                order, new StubResponse(409, "{\"trackingNumber\":\"TRACK-9\"}"));
        ShippingStubServer.AUTHORIZATIONS.put(
                order, ShippingStubServer.authorization(order, false));
        eventually().until(() -> status(order).equals("BOOKED/ANSWERED"));
        assertThat(callbacks(token, "SendTaskSuccess").getFirst().body()).contains("TRACK-9");
    }

    @Test
    void nothingIsDispatchedWithoutAResultOfTheAuthorizationCheck() {
        for (var answer :
                List.of(
                        new StubResponse(503, ""),
                        problem(404, "no-such-host"),
                        new StubResponse(200, "{}"),
                        ShippingStubServer.authorization(UUID.randomUUID(), true))) {
            var each = UUID.randomUUID();
            ShippingStubServer.AUTHORIZATIONS.put(each, answer);
            assertThat(shipmentService.arrange(each, new TaskToken("t-" + each), Instant.now()))
                    .isInstanceOf(AttemptResult.AttemptDeferred.class);
            assertThat(permitRequests(each)).isEmpty();
        }
        ShippingStubServer.AUTHORIZATIONS.put(order, problem(404, "payment-not-found"));
        assertThat(shipmentService.arrange(order, new TaskToken(token), Instant.now()))
                .isInstanceOf(AttemptResult.AttemptRejected.class);
    }

    @Test
    void withoutAPermitNothingIsBooked() {
        ShippingStubServer.PERMITS.put(order, problem(409, "dispatch-denied"));
        request(order, token);
        eventually().until(() -> status(order).equals("CANCELLED/ANSWERED"));
        assertThat(callbacks(token, "SendTaskFailure").getFirst().body())
                .contains("\"error\":\"OrderCancelled\"");
        assertThat(bookingRequests(order)).isEmpty();
    }

    @Test
    void aConflictOtherThanACancellationIsRetried() {
        ShippingStubServer.PERMITS.put(order, problem(409, "request-in-flight"));
        request(order, token);
        eventually().until(() -> !permitRequests(order).isEmpty());
        ShippingStubServer.PERMITS.clear();
        eventually().until(() -> status(order).equals("BOOKED/ANSWERED"));
        assertThat(callbacks(token, "SendTaskFailure")).isEmpty();
    }

    @Test
    void aRefusalOfTheCarrierIsReportedToTheWorkflow(CapturedOutput output) {
        ShippingStubServer.BOOKINGS.put(
                order,
                new StubResponse(422, "{\"detail\":\"no Ada Lovelace at St James's Square\"}"));
        request(order, token);
        eventually().until(() -> status(order).equals("REFUSED/ANSWERED"));
        assertThat(callbacks(token, "SendTaskFailure").getFirst().body())
                .contains("\"error\":\"ShipmentRefused\"")
                .doesNotContain("Ada", "Square");
        assertThat(output).doesNotContain("Lovelace", "Square");
    }

    @Test
    void anUnknownOrderIsDeadLettered() {
        ShippingStubServer.PERMITS.put(order, problem(404, "not-found"));
        request(order, token);
        eventually().until(() -> SqsFixture.depth(REQUESTS + "-dlq") == 1);
        assertThat(reasons(REQUESTS)).containsExactly("order-service does not know the order");
        assertThat(bookingRequests(order)).isEmpty();
        assertThat(callbacks(token, "SendTaskFailure")).isEmpty();
    }

    @Test
    void aPermitDeniedAfterItWasGrantedChangesNothingAndIsCounted() {
        ShippingStubServer.BOOKINGS.put(order, ShippingStubServer.DOWN);
        request(order, token);
        eventually().until(() -> status(order).equals("DISPATCH_PERMITTED/PENDING"));
        double before = meters.counter("shipments.out.of.order").count();
        ShippingStubServer.PERMITS.put(order, problem(409, "dispatch-denied"));
        eventually().until(() -> meters.counter("shipments.out.of.order").count() > before);
        assertThat(status(order)).isEqualTo("DISPATCH_PERMITTED/PENDING");
        assertThat(callbacks(token, "SendTaskFailure")).isEmpty();
    }

    // Cancellations

    @Test
    void aShipmentWithoutAPermitIsCancelledAtOnce() {
        ShippingStubServer.PERMITS.put(order, ShippingStubServer.DOWN);
        request(order, token);
        eventually().until(() -> status(order).equals("WAITING/PENDING"));
        cancel(order);
        eventually().until(() -> status(order).equals("CANCELLED/ANSWERED"));
        assertThat(callbacks(token, "SendTaskFailure")).hasSize(1);
        ShippingStubServer.PERMITS.clear();
        eventually().until(() -> SqsFixture.depth(REQUESTS) == 0);
        assertThat(bookingRequests(order)).isEmpty();
    }

    @Test
    void aCancellationBeforeTheRequestAnswersTheRequest() {
        cancel(order);
        eventually().until(() -> status(order).equals("CANCELLED/NOT_REQUESTED"));
        request(order, token);
        eventually().until(() -> status(order).equals("CANCELLED/ANSWERED"));
        assertThat(callbacks(token, "SendTaskFailure").getFirst().body())
                .contains("OrderCancelled");
        assertThat(permitRequests(order)).isEmpty();
        assertThat(bookingRequests(order)).isEmpty();
    }

    @Test
    void aCancellationAfterTheBookingIsDeadLettered() {
        request(order, token);
        eventually().until(() -> status(order).equals("BOOKED/ANSWERED"));
        cancel(order);
        eventually().until(() -> SqsFixture.depth(CANCELLATIONS + "-dlq") == 1);
        assertThat(status(order)).isEqualTo("BOOKED/ANSWERED");
    }

    @Test
    void aReplayedCancellationCancelsNothing() {
        SqsFixture.send(
                CANCELLATIONS, envelope(order).replace("\"id\"", "\"replay-name\":\"r\",\"id\""));
        eventually().until(() -> SqsFixture.depth(CANCELLATIONS + "-dlq") == 1);
        assertThat(shipments.find(order)).isEmpty();
    }

    // Outage and recovery

    @Test
    void afterAnOutageEveryOrderShipsOnceAndNoneIsDeadLettered() {
        var orders = Stream.generate(UUID::randomUUID).limit(12).toList();
        ShippingStubServer.CARRIER.respondWith(_ -> ShippingStubServer.DOWN);
        orders.forEach(each -> request(each, "token-of-" + each));
        eventually().until(() -> circuitBreaker.state() == CarrierCircuitBreaker.CircuitState.OPEN);
        eventually().until(() -> shipments.countWaiting() > 0 && gauge("shipments.waiting") > 0);
        // Many more probes than the maximum receive count of a request.
        int asked = ShippingStubServer.CARRIER.requests(_ -> true).size();
        eventually().until(() -> ShippingStubServer.CARRIER.requests(_ -> true).size() > asked + 8);
        eventually().until(() -> gauge("shipping.circuit.open") == 1);

        ShippingStubServer.reset();
        for (var each : orders) {
            eventually().until(() -> status(each).equals("BOOKED/ANSWERED"));
            assertThat(callbacks("token-of-" + each, "SendTaskSuccess")).isNotEmpty();
        }
        eventually().until(() -> SqsFixture.depth(REQUESTS) == 0);
        assertThat(SqsFixture.depth(REQUESTS + "-dlq")).isZero();
        assertThat(gauge("shipping.circuit.open")).isZero();
        assertThat(gauge("shipments.waiting")).isZero();
    }

    @Test
    void duringAnOutageOfTheCarrierRequestsAreNotReceived() {
        ShippingStubServer.CARRIER.respondWith(_ -> ShippingStubServer.NO_RESPONSE);
        IntStream.range(0, 4).forEach(_ -> request(UUID.randomUUID(), "outage"));
        eventually().until(() -> circuitBreaker.state() == CarrierCircuitBreaker.CircuitState.OPEN);
        // No request is in progress that could probe, so only the circuit breaker decides.
        var late = Stream.generate(UUID::randomUUID).limit(40).toList();
        late.forEach(each -> request(each, "token-of-" + each));
        int probes = ShippingStubServer.CARRIER.requests(_ -> true).size();
        eventually()
                .until(() -> ShippingStubServer.CARRIER.requests(_ -> true).size() > probes + 3);
        assertThat(late.stream().filter(each -> shipments.find(each).isPresent()).count())
                .isLessThan(20);

        ShippingStubServer.reset();
        eventually().until(() -> late.stream().allMatch(e -> status(e).equals("BOOKED/ANSWERED")));
        assertThat(SqsFixture.depth(REQUESTS + "-dlq")).isZero();
    }

    @Test
    void duringAnOutageOfTheCarrierAnOrderCanBeCancelled() {
        ShippingStubServer.CARRIER.respondWith(_ -> ShippingStubServer.DOWN);
        IntStream.range(0, 4).forEach(_ -> request(UUID.randomUUID(), "outage"));
        eventually().until(() -> circuitBreaker.state() == CarrierCircuitBreaker.CircuitState.OPEN);
        request(order, token);
        cancel(order);
        eventually().until(() -> status(order).startsWith("CANCELLED"));
        ShippingStubServer.reset();
        eventually().until(() -> status(order).equals("CANCELLED/ANSWERED"));
        assertThat(bookingRequests(order)).isEmpty();
        eventually()
                .until(() -> circuitBreaker.state() == CarrierCircuitBreaker.CircuitState.CLOSED);
    }

    @Test
    void aWaitingWorkflowReceivesHeartbeats() {
        ShippingStubServer.PERMITS.put(order, ShippingStubServer.DOWN);
        request(order, token);
        eventually().until(() -> callbacks(token, "SendTaskHeartbeat").size() >= 4);
    }

    @Test
    void anOutageOfOrderServiceDeadLettersNothing() {
        ShippingStubServer.PERMITS.put(order, ShippingStubServer.DOWN);
        request(order, token);
        eventually().until(() -> permitRequests(order).size() > 6);
        assertThat(SqsFixture.depth(REQUESTS + "-dlq")).isZero();
        ShippingStubServer.PERMITS.clear();
        eventually().until(() -> status(order).equals("BOOKED/ANSWERED"));
        assertThat(SqsFixture.depth(REQUESTS + "-dlq")).isZero();
    }

    // Answers

    @Test
    void anAnswerIsRepeatedUntilTheWorkflowAcceptsIt() {
        ShippingStubServer.CALLBACK_RESPONSES.put(
                "SendTaskSuccess " + token, new StubResponse(500, "{}"));
        request(order, token);
        eventually().until(() -> status(order).equals("BOOKED/PENDING"));
        ShippingStubServer.CALLBACK_RESPONSES.clear();
        eventually().until(() -> status(order).equals("BOOKED/ANSWERED"));
        assertThat(bookingRequests(order)).hasSize(1);
    }

    @Test
    void anAnswerToAnInvalidTokenIsRecordedAndNotRepeated() {
        for (var error : List.of("TaskTimedOut", "TaskDoesNotExist", "InvalidToken")) {
            var each = UUID.randomUUID();
            ShippingStubServer.CALLBACK_RESPONSES.put(
                    "SendTaskSuccess " + each, stepFunctionsError(error));
            request(each, each.toString());
            eventually().until(() -> status(each).equals("BOOKED/EXPIRED"));
            assertThat(
                            jdbc.sql("SELECT callback_error FROM shipment WHERE order_id = ?")
                                    .param(each)
                                    .query(String.class)
                                    .single())
                    .isEqualTo(error);
            assertThat(callbacks(each.toString(), "SendTaskSuccess")).hasSize(1);
        }
        eventually().until(() -> SqsFixture.depth(REQUESTS) == 0);
        assertThat(SqsFixture.depth(REQUESTS + "-dlq")).isZero();
    }

    @Test
    void nothingIsBookedForAnInvalidTaskToken() {
        ShippingStubServer.CALLBACK_RESPONSES.put(token, stepFunctionsError("TaskTimedOut"));
        request(order, token);
        eventually().until(() -> status(order).equals("WAITING/EXPIRED"));
        assertThat(permitRequests(order)).isEmpty();
        assertThat(bookingRequests(order)).isEmpty();
        request(order, token + "-2");
        eventually().until(() -> status(order).equals("BOOKED/ANSWERED"));
    }

    // Crashes: what the process had written down is all that is left

    @Test
    void aRestartContinuesAfterACrash() {
        var waiting =
                createWithoutProcessing(
                        new ShipmentReport.ShipmentRequested(new TaskToken("w"), Instant.now()));
        var permitted =
                createWithoutProcessing(
                        new ShipmentReport.ShipmentRequested(new TaskToken("p"), Instant.now()),
                        new ShipmentReport.PermitGranted());
        var booked =
                createWithoutProcessing(
                        new ShipmentReport.ShipmentRequested(new TaskToken("b"), Instant.now()),
                        new ShipmentReport.PermitGranted(),
                        new ShipmentReport.CarrierBooked(
                                new dev.orderflow.shipping.domain.TrackingNumber("BEFORE-CRASH")));
        var refused =
                createWithoutProcessing(
                        new ShipmentReport.ShipmentRequested(new TaskToken("r"), Instant.now()),
                        new ShipmentReport.PermitGranted(),
                        new ShipmentReport.CarrierRefused());
        var cancelled =
                createWithoutProcessing(
                        new ShipmentReport.ShipmentRequested(new TaskToken("c"), Instant.now()),
                        new ShipmentReport.PermitDenied());
        eventually().until(() -> status(waiting).equals("BOOKED/ANSWERED"));
        eventually().until(() -> status(permitted).equals("BOOKED/ANSWERED"));
        eventually().until(() -> status(booked).equals("BOOKED/ANSWERED"));
        eventually().until(() -> status(refused).equals("REFUSED/ANSWERED"));
        eventually().until(() -> status(cancelled).equals("CANCELLED/ANSWERED"));
        assertThat(bookingRequests(booked)).isEmpty();
        assertThat(callbacks("b", "SendTaskSuccess").getFirst().body()).contains("BEFORE-CRASH");
        assertThat(bookingRequests(refused)).isEmpty();
    }

    private UUID createWithoutProcessing(ShipmentReport... reports) {
        var orderId = UUID.randomUUID();
        for (var report : reports) {
            shipments.apply(orderId, report);
        }
        return orderId;
    }

    // Several instances

    @Test
    void concurrentRequestsForOneOrderShareOneShipment() throws Exception {
        runConcurrently(
                16,
                i ->
                        shipmentService.arrange(
                                order, new TaskToken(token), Instant.EPOCH.plusMillis(i)));
        eventually().until(() -> status(order).equals("BOOKED/ANSWERED"));
        assertThat(count("SELECT count(*) FROM shipment")).isEqualTo(1);
        assertThat(bookingRequests(order))
                .extracting(request -> request.header("Idempotency-Key"))
                .containsOnly(order.toString());
    }

    @Test
    void aConcurrentCancellationAndRequestHaveOneOutcome() throws Exception {
        for (int round = 0; round < 8; round++) {
            var each = UUID.randomUUID();
            ShippingStubServer.PERMITS.put(each, problem(409, "dispatch-denied"));
            runConcurrently(
                    4,
                    i ->
                            i % 2 == 0
                                    ? shipmentService.arrange(
                                            each, new TaskToken(each.toString()), Instant.now())
                                    : shipmentService.cancel(each));
            eventually().until(() -> status(each).equals("CANCELLED/ANSWERED"));
            assertThat(bookingRequests(each)).isEmpty();
        }
    }

    @Test
    void concurrentClaimsNeverTakeTheSameShipment() throws Exception {
        // order-service does not respond, so shipments that the service's own scheduler claims do
        // not change.
        ShippingStubServer.ORDER_SERVICE.respondWith(_ -> ShippingStubServer.DOWN);
        IntStream.range(0, 60)
                .forEach(
                        i ->
                                createWithoutProcessing(
                                        new ShipmentReport.ShipmentRequested(
                                                new TaskToken("t" + i), Instant.now())));
        var claimed = new ArrayList<UUID>();
        var every = Duration.ofHours(1);
        jdbc.sql("UPDATE shipment SET heartbeat_at = now() - interval '1 s'").update();
        var claims = runConcurrently(8, _ -> shipments.claimHeartbeats(10, every));
        claims.forEach(claim -> claim.forEach(pulse -> claimed.add(pulse.orderId())));
        assertThat(claimed).isNotEmpty().doesNotHaveDuplicates();
    }

    private static <T> List<T> runConcurrently(int many, java.util.function.IntFunction<T> action)
            throws Exception {
        var results = new ArrayList<T>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running =
                    threads.invokeAll(
                            IntStream.range(0, many)
                                    .<Callable<T>>mapToObj(i -> () -> action.apply(i))
                                    .toList());
            for (var one : running) {
                results.add(one.get());
            }
        }
        return results;
    }

    // Hostile messages

    @Test
    void unreadableMessagesAreDeadLetteredAndOthersProcessed() {
        var hostile =
                Map.of(
                        "not json at all",
                        "malformed message",
                        "[".repeat(5_000),
                        "malformed message",
                        "{\"command\":\"ShipTheMoon\",\"schemaVersion\":1}",
                        "unknown message type ShipTheMoon",
                        arrange(order, token).replace("\"schemaVersion\":1", "\"schemaVersion\":2"),
                        "unknown version 2 of ArrangeShipment",
                        arrange(order, token).replace("\"" + order + "\"", "null"),
                        "malformed message: orderId is missing",
                        arrange(order, token).replace("\"" + token + "\"", "null"),
                        "malformed message: taskToken is missing",
                        arrange(order, "t".repeat(3_000)),
                        "malformed message: task token",
                        """
                        {"command":"ApproveOrder","schemaVersion":1,"orderId":"%s","taskToken":"t",
                         "total":{"amount":"1.00","currency":"EUR"},"traceparent":"t"}"""
                                .formatted(order),
                        "not a shipping command: ApproveOrder");
        hostile.keySet().forEach(body -> SqsFixture.send(REQUESTS, body));
        var good = UUID.randomUUID();
        request(good, "good");
        eventually().until(() -> status(good).equals("BOOKED/ANSWERED"));
        eventually().until(() -> SqsFixture.depth(REQUESTS + "-dlq") == hostile.size());
        var reasons = reasons(REQUESTS);
        hostile.values().forEach(reason -> assertThat(reasons).anyMatch(r -> r.startsWith(reason)));
        assertThat(shipments.find(order)).isEmpty();

        var strange =
                List.of(
                        "{}",
                        "null",
                        envelope(order).replace("OrderCancellationRequested", "OrderMislaid"),
                        envelope(order).replace("\"schemaVersion\":1", "\"schemaVersion\":9"),
                        envelope(order).replaceAll("\"orderId\":\"[^\"]*\"", "\"orderId\":\"x\""));
        strange.forEach(body -> SqsFixture.send(CANCELLATIONS, body));
        eventually().until(() -> SqsFixture.depth(CANCELLATIONS + "-dlq") == strange.size());
        assertThat(shipments.find(order)).isEmpty();
    }

    @Test
    void anInvalidResponseOfTheCarrierIsNotUsed() {
        for (var nonsense :
                List.of(
                        new StubResponse(201, "no json"),
                        new StubResponse(201, "{}"),
                        new StubResponse(201, "{\"trackingNumber\":\"<script>\"}"),
                        new StubResponse(302, ""),
                        new StubResponse(400, "{}"))) {
            var each = UUID.randomUUID();
            ShippingStubServer.BOOKINGS.put(each, nonsense);
            request(each, each.toString());
            eventually().until(() -> !bookingRequests(each).isEmpty());
            eventually().until(() -> status(each).equals("DISPATCH_PERMITTED/PENDING"));
            ShippingStubServer.BOOKINGS.clear();
            eventually().until(() -> status(each).equals("BOOKED/ANSWERED"));
        }
    }

    @Test
    void aPermitOfAnotherOrderIsNotUsed() {
        for (var nonsense :
                List.of(
                        new StubResponse(
                                200,
                                ShippingStubServer.permit(
                                                new HttpStub.RecordedRequest(
                                                        "/internal/orders/" + UUID.randomUUID(),
                                                        new Headers(),
                                                        ""))
                                        .body()),
                        new StubResponse(200, "{}"),
                        new StubResponse(200, "null"),
                        new StubResponse(401, "{}"),
                        new StubResponse(409, "not json"))) {
            var each = UUID.randomUUID();
            ShippingStubServer.PERMITS.put(each, nonsense);
            request(each, each.toString());
            eventually().until(() -> !permitRequests(each).isEmpty());
            assertThat(bookingRequests(each)).isEmpty();
            ShippingStubServer.PERMITS.clear();
            eventually().until(() -> status(each).equals("BOOKED/ANSWERED"));
        }
    }

    // What others may see

    @Test
    void theApiReturnsAShipmentWithoutSecrets() throws Exception {
        request(order, token);
        eventually().until(() -> status(order).equals("BOOKED/ANSWERED"));
        var answer = get("/internal/shipments/" + order, "test-internal-api-key");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .contains(
                        "\"status\":\"BOOKED\"",
                        "\"callbackStatus\":\"ANSWERED\"",
                        "\"trackingNumber\":\"TRACK-" + order)
                .doesNotContain("token");
        assertThat(get("/internal/shipments/" + order, "wrong").statusCode()).isEqualTo(403);
        assertThat(get("/internal/shipments/" + UUID.randomUUID(), "test-internal-api-key").body())
                .contains("problems/shipment-not-found");
        assertThat(get("/internal/shipments/x", "test-internal-api-key").statusCode())
                .isEqualTo(400);
    }

    @Test
    void theApiReturnsTheShipmentsOfManyOrders() throws Exception {
        request(order, token);
        eventually().until(() -> status(order).equals("BOOKED/ANSWERED"));
        var answer = statusBatch("\"%s\",\"%s\"".formatted(order, UUID.randomUUID()));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .startsWith("{\"shipments\":[{\"shipmentId\"")
                .containsOnlyOnce("\"status\":")
                .contains("\"status\":\"BOOKED\"")
                .doesNotContain("token");
        assertThat(statusBatch("").statusCode()).isEqualTo(400);
    }

    private HttpResponse<String> statusBatch(String orders) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(
                                    URI.create(
                                            "http://localhost:"
                                                    + port
                                                    + "/internal/shipments/status-batch"))
                            .header("X-Api-Key", "test-internal-api-key")
                            .header("Content-Type", "application/json")
                            .POST(
                                    HttpRequest.BodyPublishers.ofString(
                                            "{\"orderIds\":[" + orders + "]}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private HttpResponse<String> get(String path, String key) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                            .header("X-Api-Key", key)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static ConditionFactory eventually() {
        return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(50));
    }

    private static void request(UUID orderId, String token) {
        SqsFixture.send(REQUESTS, arrange(orderId, token));
    }

    private static String arrange(UUID orderId, String token) {
        return MessageCodec.write(new ArrangeShipment("ArrangeShipment", 1, orderId, token, TRACE));
    }

    private static void cancel(UUID orderId) {
        SqsFixture.send(CANCELLATIONS, envelope(orderId));
    }

    private static String envelope(UUID orderId) {
        var event =
                new OrderCancellationRequested(
                        OrderEvent.idOf(orderId, OrderCancellationRequested.class),
                        1,
                        Instant.parse("2026-11-02T12:00:00Z"),
                        orderId,
                        2,
                        "cust-1",
                        TRACE);
        return """
               {"version":"0","id":"e-1","detail-type":"OrderCancellationRequested","source":"orderflow.orders",
                "account":"000000000000","time":"2026-11-02T12:00:00Z","region":"us-east-1","resources":[],
                "detail":%s}"""
                .formatted(MessageCodec.write(event));
    }

    private String status(UUID orderId) {
        return jdbc.sql("SELECT status || '/' || callback_status FROM shipment WHERE order_id = ?")
                .param(orderId)
                .query(String.class)
                .optional()
                .orElse("nothing");
    }

    private long count(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }

    private String storedRows() {
        return jdbc.sql("SELECT shipment::text FROM shipment")
                .query(String.class)
                .list()
                .toString();
    }

    private double gauge(String name) {
        return meters.get(name).gauge().value();
    }

    private static List<String> reasons(String queue) {
        return SqsFixture.receiveAndDelete(queue + "-dlq").stream()
                .map(dead -> dead.messageAttributes().get("reason").stringValue())
                .toList();
    }
}
