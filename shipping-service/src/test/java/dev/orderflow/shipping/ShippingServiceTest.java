package dev.orderflow.shipping;

import static dev.orderflow.shipping.Neighbourhood.answersTo;
import static dev.orderflow.shipping.Neighbourhood.bookingsOf;
import static dev.orderflow.shipping.Neighbourhood.permitsAskedFor;
import static dev.orderflow.shipping.Neighbourhood.problem;
import static dev.orderflow.shipping.Neighbourhood.stepFunctionsError;
import static dev.orderflow.shipping.Neighbourhood.withdrawalsOf;
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
import dev.orderflow.shipping.arrangement.Arrangement;
import dev.orderflow.shipping.arrangement.Attempt;
import dev.orderflow.shipping.arrangement.OutageGate;
import dev.orderflow.shipping.arrangement.Shipments;
import dev.orderflow.shipping.domain.Report;
import dev.orderflow.shipping.domain.TaskToken;
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
            // A registry whose counters can be read at once, not at the end of a minute.
            "management.cloudwatch.metrics.export.namespace=false",
            "spring.cloud.aws.sqs.listener.poll-timeout=1s",
            "orderflow.delivery.initial-back-off=0s",
            "orderflow.shipping.gate.probe-after=200ms",
            "orderflow.shipping.come-back.first=1s",
            "orderflow.shipping.come-back.longest=1s",
            "orderflow.shipping.upkeep.tick=100ms",
            "orderflow.shipping.upkeep.heartbeat-every=400ms",
            "orderflow.shipping.upkeep.resume-after=1s",
            "orderflow.shipping.upkeep.resume-at-latest=1s"
        })
@ContextConfiguration(initializers = {PostgresFixture.class, SqsFixture.class, Neighbourhood.class})
@ExtendWith(OutputCaptureExtension.class)
class ShippingServiceTest {

    private static final String REQUESTS = "shipping-requests";
    private static final String CANCELLATIONS = "shipping-cancellations";
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private final int port;
    private final Arrangement arrangement;
    private final Shipments shipments;
    private final OutageGate gate;
    private final JdbcClient jdbc;
    private final MeterRegistry meters;

    private final UUID order = UUID.randomUUID();
    private final String token = "token-of-" + order;

    @Autowired
    ShippingServiceTest(
            @LocalServerPort int port,
            Arrangement arrangement,
            Shipments shipments,
            OutageGate gate,
            JdbcClient jdbc,
            MeterRegistry meters) {
        this.port = port;
        this.arrangement = arrangement;
        this.shipments = shipments;
        this.gate = gate;
        this.jdbc = jdbc;
        this.meters = meters;
    }

    @BeforeAll
    static void queues() {
        SqsFixture.createQueue(REQUESTS);
        SqsFixture.createQueue(CANCELLATIONS);
    }

    @BeforeEach
    void aQuietNeighbourhood() {
        Neighbourhood.behave();
        // What an earlier test left on the queues would become a shipment of this one.
        eventually().until(() -> SqsFixture.depth(REQUESTS) == 0);
        eventually().until(() -> SqsFixture.depth(CANCELLATIONS) == 0);
        jdbc.sql("DELETE FROM shipment").update();
        SqsFixture.receiveAndDelete(REQUESTS + "-dlq");
        SqsFixture.receiveAndDelete(CANCELLATIONS + "-dlq");
    }

    // The main path

    @Test
    void noOperationAnswersAHostileValueInWordsOfJava(
            @Autowired @Qualifier("requestMappingHandlerMapping")
                    RequestMappingHandlerMapping mapping) {
        var operations = ApiFuzzer.ofInternalApi(mapping, port);
        assertThat(operations.findViolations()).isEmpty();
        assertThat(operations.requestCount()).isGreaterThan(50);
    }

    @Test
    void anOrderIsBookedAndTheWorkflowHears(CapturedOutput output) {
        double before = meters.counter("shipments.booked").count();
        request(order, token);
        eventually().until(() -> status(order).equals("BOOKED/ANSWERED"));
        eventually().until(() -> SqsFixture.depth(REQUESTS) == 0);

        assertThat(permitsAskedFor(order)).hasSize(1);
        assertThat(bookingsOf(order)).hasSize(1);
        assertThat(bookingsOf(order).getFirst().header("Idempotency-Key"))
                .isEqualTo(order.toString());
        assertThat(bookingsOf(order).getFirst().body())
                .contains("Ada Lovelace", "SW1Y 4JH", "\"MUG-BLUE\"");
        var answers = answersTo(token, "SendTaskSuccess");
        assertThat(answers).hasSize(1);
        assertThat(answers.getFirst().body())
                .contains("trackingNumber", "TRACK-" + order, "shipmentId");
        assertThat(meters.counter("shipments.booked").count()).isEqualTo(before + 1);

        assertThat(everythingStored()).doesNotContain("Ada", "Lovelace", "Square", "SW1Y");
        assertThat(output).doesNotContain("Ada", "Lovelace", "Square", "SW1Y", token);
    }

    @Test
    void aRequestDeliveredAgainChangesNothing() {
        request(order, token);
        request(order, token);
        request(order, token);
        eventually().until(() -> SqsFixture.depth(REQUESTS) == 0);
        eventually().until(() -> status(order).equals("BOOKED/ANSWERED"));
        assertThat(bookingsOf(order))
                .extracting(heard -> heard.header("Idempotency-Key"))
                .containsOnly(order.toString());
        assertThat(count("SELECT count(*) FROM shipment")).isEqualTo(1);
        assertThat(SqsFixture.depth(REQUESTS + "-dlq")).isZero();

        int booked = bookingsOf(order).size();
        request(order, token);
        eventually().until(() -> SqsFixture.depth(REQUESTS) == 0);
        assertThat(bookingsOf(order)).hasSize(booked);
    }

    @Test
    void aWorkflowThatAsksAgainGetsTheSameAnswer() {
        request(order, token);
        eventually().until(() -> status(order).equals("BOOKED/ANSWERED"));
        request(order, token + "-2");
        eventually().until(() -> !answersTo(token + "-2", "SendTaskSuccess").isEmpty());
        assertThat(answersTo(token + "-2", "SendTaskSuccess").getFirst().body())
                .contains("TRACK-" + order);
        assertThat(bookingsOf(order)).hasSize(1);
    }

    // Refusals

    @Test
    void nothingIsDispatchedOnAHoldThatHasEnded() {
        Neighbourhood.HOLDS.put(order, Neighbourhood.hold(order, false));
        request(order, token);
        eventually().until(() -> status(order).equals("HOLD_ENDED/ANSWERED"));
        assertThat(permitsAskedFor(order)).isEmpty();
        assertThat(bookingsOf(order)).isEmpty();
        assertThat(answersTo(token, "SendTaskFailure").getFirst().body())
                .contains("\"PaymentAuthorizationExpired\"");
    }

    @Test
    void aHoldThatEndsWhileTheCarrierIsAwayWithdrawsTheBooking() {
        Neighbourhood.BOOKINGS.put(order, new StubResponse(503, ""));
        request(order, token);
        eventually().until(() -> status(order).equals("PERMITTED/AWAITING"));
        Neighbourhood.WITHDRAWALS.put(order, new StubResponse(503, ""));
        Neighbourhood.HOLDS.put(order, Neighbourhood.hold(order, false));
        eventually().until(() -> !withdrawalsOf(order).isEmpty());
        assertThat(status(order)).as("nobody knows yet").isEqualTo("PERMITTED/AWAITING");
        Neighbourhood.WITHDRAWALS.clear();
        eventually().until(() -> status(order).equals("HOLD_ENDED/ANSWERED"));
        assertThat(answersTo(token, "SendTaskFailure").getFirst().body())
                .contains("\"PaymentAuthorizationExpired\"");
    }

    @Test
    void aParcelThatTheCarrierHasIsToldAsShippedThoughItsHoldHasEnded() {
        Neighbourhood.BOOKINGS.put(order, new StubResponse(503, ""));
        request(order, token);
        eventually().until(() -> status(order).equals("PERMITTED/AWAITING"));
        Neighbourhood.WITHDRAWALS.put(
                order, new StubResponse(409, "{\"trackingNumber\":\"TRACK-9\"}"));
        Neighbourhood.HOLDS.put(order, Neighbourhood.hold(order, false));
        eventually().until(() -> status(order).equals("BOOKED/ANSWERED"));
        assertThat(answersTo(token, "SendTaskSuccess").getFirst().body()).contains("TRACK-9");
    }

    @Test
    void whileItIsUnknownWhetherTheHoldLastsNothingIsDispatched() {
        for (var answer :
                List.of(
                        new StubResponse(503, ""),
                        problem(404, "no-such-host"),
                        new StubResponse(200, "{}"),
                        Neighbourhood.hold(UUID.randomUUID(), true))) {
            var each = UUID.randomUUID();
            Neighbourhood.HOLDS.put(each, answer);
            assertThat(arrangement.arrange(each, new TaskToken("t-" + each), Instant.now()))
                    .isInstanceOf(Attempt.Later.class);
            assertThat(permitsAskedFor(each)).isEmpty();
        }
        Neighbourhood.HOLDS.put(order, problem(404, "payment-not-found"));
        assertThat(arrangement.arrange(order, new TaskToken(token), Instant.now()))
                .isInstanceOf(Attempt.Stuck.class);
    }

    @Test
    void withoutAPermitNothingIsBooked() {
        Neighbourhood.PERMITS.put(order, problem(409, "dispatch-denied"));
        request(order, token);
        eventually().until(() -> status(order).equals("CANCELLED/ANSWERED"));
        assertThat(answersTo(token, "SendTaskFailure").getFirst().body())
                .contains("\"error\":\"OrderCancelled\"");
        assertThat(bookingsOf(order)).isEmpty();
    }

    @Test
    void aConflictThatIsNoCancellationIsAskedAgain() {
        Neighbourhood.PERMITS.put(order, problem(409, "request-in-flight"));
        request(order, token);
        eventually().until(() -> !permitsAskedFor(order).isEmpty());
        Neighbourhood.PERMITS.clear();
        eventually().until(() -> status(order).equals("BOOKED/ANSWERED"));
        assertThat(answersTo(token, "SendTaskFailure")).isEmpty();
    }

    @Test
    void whatTheCarrierRefusesIsToldAsRefused(CapturedOutput output) {
        Neighbourhood.BOOKINGS.put(
                order,
                new StubResponse(422, "{\"detail\":\"no Ada Lovelace at St James's Square\"}"));
        request(order, token);
        eventually().until(() -> status(order).equals("REFUSED/ANSWERED"));
        assertThat(answersTo(token, "SendTaskFailure").getFirst().body())
                .contains("\"error\":\"ShipmentRefused\"")
                .doesNotContain("Ada", "Square");
        assertThat(output).doesNotContain("Lovelace", "Square");
    }

    @Test
    void anOrderNobodyKnowsIsAPersonsToLookAt() {
        Neighbourhood.PERMITS.put(order, problem(404, "not-found"));
        request(order, token);
        eventually().until(() -> SqsFixture.depth(REQUESTS + "-dlq") == 1);
        assertThat(reasons(REQUESTS)).containsExactly("order-service does not know the order");
        assertThat(bookingsOf(order)).isEmpty();
        assertThat(answersTo(token, "SendTaskFailure")).isEmpty();
    }

    @Test
    void aPermitTakenBackIsNeverGuessedAbout() {
        Neighbourhood.BOOKINGS.put(order, Neighbourhood.DOWN);
        request(order, token);
        eventually().until(() -> status(order).equals("PERMITTED/AWAITING"));
        double before = meters.counter("shipments.out.of.turn").count();
        Neighbourhood.PERMITS.put(order, problem(409, "dispatch-denied"));
        eventually().until(() -> meters.counter("shipments.out.of.turn").count() > before);
        assertThat(status(order)).isEqualTo("PERMITTED/AWAITING");
        assertThat(answersTo(token, "SendTaskFailure")).isEmpty();
    }

    // Cancellations

    @Test
    void aShipmentThatWaitsWithoutAPermitIsCancelledAtOnce() {
        Neighbourhood.PERMITS.put(order, Neighbourhood.DOWN);
        request(order, token);
        eventually().until(() -> status(order).equals("WAITING/AWAITING"));
        cancel(order);
        eventually().until(() -> status(order).equals("CANCELLED/ANSWERED"));
        assertThat(answersTo(token, "SendTaskFailure")).hasSize(1);
        Neighbourhood.PERMITS.clear();
        eventually().until(() -> SqsFixture.depth(REQUESTS) == 0);
        assertThat(bookingsOf(order)).isEmpty();
    }

    @Test
    void aCancellationThatComesFirstAnswersTheLaterRequest() {
        cancel(order);
        eventually().until(() -> status(order).equals("CANCELLED/NOBODY"));
        request(order, token);
        eventually().until(() -> status(order).equals("CANCELLED/ANSWERED"));
        assertThat(answersTo(token, "SendTaskFailure").getFirst().body())
                .contains("OrderCancelled");
        assertThat(permitsAskedFor(order)).isEmpty();
        assertThat(bookingsOf(order)).isEmpty();
    }

    @Test
    void aCancellationAfterTheParcelLeftIsAPersonsToLookAt() {
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
    void afterAnOutageEveryOrderShipsOnceAndNoneWasDeadLettered() {
        var orders = Stream.generate(UUID::randomUUID).limit(12).toList();
        Neighbourhood.CARRIER.respondWith(_ -> Neighbourhood.DOWN);
        orders.forEach(each -> request(each, "token-of-" + each));
        eventually().until(() -> gate.traffic() == OutageGate.Traffic.BLOCKED);
        eventually().until(() -> shipments.waiting() > 0 && gauge("shipments.waiting") > 0);
        // Many more probes than one request has receives.
        int asked = Neighbourhood.CARRIER.requests(_ -> true).size();
        eventually().until(() -> Neighbourhood.CARRIER.requests(_ -> true).size() > asked + 8);
        eventually().until(() -> gauge("shipping.gate.open") == 1);

        Neighbourhood.behave();
        for (var each : orders) {
            eventually().until(() -> status(each).equals("BOOKED/ANSWERED"));
            assertThat(answersTo("token-of-" + each, "SendTaskSuccess")).isNotEmpty();
        }
        eventually().until(() -> SqsFixture.depth(REQUESTS) == 0);
        assertThat(SqsFixture.depth(REQUESTS + "-dlq")).isZero();
        assertThat(gauge("shipping.gate.open")).isZero();
        assertThat(gauge("shipments.waiting")).isZero();
    }

    @Test
    void whileTheCarrierIsAwayRequestsStayOnTheirQueueUnread() {
        Neighbourhood.CARRIER.respondWith(_ -> Neighbourhood.GONE_SILENT);
        IntStream.range(0, 4).forEach(_ -> request(UUID.randomUUID(), "outage"));
        eventually().until(() -> gate.traffic() == OutageGate.Traffic.BLOCKED);
        // With nothing left that could be a probe, the gate decides alone.
        var late = Stream.generate(UUID::randomUUID).limit(40).toList();
        late.forEach(each -> request(each, "token-of-" + each));
        int probes = Neighbourhood.CARRIER.requests(_ -> true).size();
        eventually().until(() -> Neighbourhood.CARRIER.requests(_ -> true).size() > probes + 3);
        assertThat(late.stream().filter(each -> shipments.find(each).isPresent()).count())
                .isLessThan(20);

        Neighbourhood.behave();
        eventually().until(() -> late.stream().allMatch(e -> status(e).equals("BOOKED/ANSWERED")));
        assertThat(SqsFixture.depth(REQUESTS + "-dlq")).isZero();
    }

    @Test
    void whileTheCarrierIsAwayAnOrderStaysCancellable() {
        Neighbourhood.CARRIER.respondWith(_ -> Neighbourhood.DOWN);
        IntStream.range(0, 4).forEach(_ -> request(UUID.randomUUID(), "outage"));
        eventually().until(() -> gate.traffic() == OutageGate.Traffic.BLOCKED);
        request(order, token);
        cancel(order);
        eventually().until(() -> status(order).startsWith("CANCELLED"));
        Neighbourhood.behave();
        eventually().until(() -> status(order).equals("CANCELLED/ANSWERED"));
        assertThat(bookingsOf(order)).isEmpty();
        eventually().until(() -> gate.traffic() == OutageGate.Traffic.FREE);
    }

    @Test
    void aWaitingWorkflowGetsSignsOfLife() {
        Neighbourhood.PERMITS.put(order, Neighbourhood.DOWN);
        request(order, token);
        eventually().until(() -> answersTo(token, "SendTaskHeartbeat").size() >= 4);
    }

    @Test
    void orderServiceBeingAwayDeadLettersNothing() {
        Neighbourhood.PERMITS.put(order, Neighbourhood.DOWN);
        request(order, token);
        eventually().until(() -> permitsAskedFor(order).size() > 6);
        assertThat(SqsFixture.depth(REQUESTS + "-dlq")).isZero();
        Neighbourhood.PERMITS.clear();
        eventually().until(() -> status(order).equals("BOOKED/ANSWERED"));
        assertThat(SqsFixture.depth(REQUESTS + "-dlq")).isZero();
    }

    // Answers

    @Test
    void anAnswerIsRepeatedUntilTheWorkflowTookIt() {
        Neighbourhood.RECEPTIONS.put("SendTaskSuccess " + token, new StubResponse(500, "{}"));
        request(order, token);
        eventually().until(() -> status(order).equals("BOOKED/AWAITING"));
        Neighbourhood.RECEPTIONS.clear();
        eventually().until(() -> status(order).equals("BOOKED/ANSWERED"));
        assertThat(bookingsOf(order)).hasSize(1);
    }

    @Test
    void anAnswerNobodyWaitsForIsRecordedAndNotRepeated() {
        for (var error : List.of("TaskTimedOut", "TaskDoesNotExist", "InvalidToken")) {
            var each = UUID.randomUUID();
            Neighbourhood.RECEPTIONS.put("SendTaskSuccess " + each, stepFunctionsError(error));
            request(each, each.toString());
            eventually().until(() -> status(each).equals("BOOKED/GONE"));
            assertThat(
                            jdbc.sql("SELECT gone_because FROM shipment WHERE order_id = ?")
                                    .param(each)
                                    .query(String.class)
                                    .single())
                    .isEqualTo(error);
            assertThat(answersTo(each.toString(), "SendTaskSuccess")).hasSize(1);
        }
        eventually().until(() -> SqsFixture.depth(REQUESTS) == 0);
        assertThat(SqsFixture.depth(REQUESTS + "-dlq")).isZero();
    }

    @Test
    void noParcelLeavesForAWorkflowThatIsGone() {
        Neighbourhood.RECEPTIONS.put(token, stepFunctionsError("TaskTimedOut"));
        request(order, token);
        eventually().until(() -> status(order).equals("WAITING/GONE"));
        assertThat(permitsAskedFor(order)).isEmpty();
        assertThat(bookingsOf(order)).isEmpty();
        request(order, token + "-2");
        eventually().until(() -> status(order).equals("BOOKED/ANSWERED"));
    }

    // Crashes: what the process had written down is all that is left

    @Test
    void aRestartGoesOnWhereTheCrashWas() {
        var waiting = leftBehind(new Report.Asked(new TaskToken("w"), Instant.now()));
        var permitted =
                leftBehind(
                        new Report.Asked(new TaskToken("p"), Instant.now()),
                        new Report.PermitGranted());
        var booked =
                leftBehind(
                        new Report.Asked(new TaskToken("b"), Instant.now()),
                        new Report.PermitGranted(),
                        new Report.CarrierBooked(
                                new dev.orderflow.shipping.domain.TrackingNumber("BEFORE-CRASH")));
        var refused =
                leftBehind(
                        new Report.Asked(new TaskToken("r"), Instant.now()),
                        new Report.PermitGranted(),
                        new Report.CarrierRefused());
        var cancelled =
                leftBehind(
                        new Report.Asked(new TaskToken("c"), Instant.now()),
                        new Report.PermitDenied());
        eventually().until(() -> status(waiting).equals("BOOKED/ANSWERED"));
        eventually().until(() -> status(permitted).equals("BOOKED/ANSWERED"));
        eventually().until(() -> status(booked).equals("BOOKED/ANSWERED"));
        eventually().until(() -> status(refused).equals("REFUSED/ANSWERED"));
        eventually().until(() -> status(cancelled).equals("CANCELLED/ANSWERED"));
        assertThat(bookingsOf(booked)).isEmpty();
        assertThat(answersTo("b", "SendTaskSuccess").getFirst().body()).contains("BEFORE-CRASH");
        assertThat(bookingsOf(refused)).isEmpty();
    }

    private UUID leftBehind(Report... reports) {
        var orderId = UUID.randomUUID();
        for (var report : reports) {
            shipments.tell(orderId, report);
        }
        return orderId;
    }

    // Several instances

    @Test
    void instancesThatHearOfAnOrderAtTheSameMomentShareOneShipment() throws Exception {
        atTheSameMoment(
                16,
                i -> arrangement.arrange(order, new TaskToken(token), Instant.EPOCH.plusMillis(i)));
        eventually().until(() -> status(order).equals("BOOKED/ANSWERED"));
        assertThat(count("SELECT count(*) FROM shipment")).isEqualTo(1);
        assertThat(bookingsOf(order))
                .extracting(heard -> heard.header("Idempotency-Key"))
                .containsOnly(order.toString());
    }

    @Test
    void cancelAndRequestAtTheSameMomentEndInOneOutcome() throws Exception {
        for (int round = 0; round < 8; round++) {
            var each = UUID.randomUUID();
            Neighbourhood.PERMITS.put(each, problem(409, "dispatch-denied"));
            atTheSameMoment(
                    4,
                    i ->
                            i % 2 == 0
                                    ? arrangement.arrange(
                                            each, new TaskToken(each.toString()), Instant.now())
                                    : arrangement.cancel(each));
            eventually().until(() -> status(each).equals("CANCELLED/ANSWERED"));
            assertThat(bookingsOf(each)).isEmpty();
        }
    }

    @Test
    void instancesClaimingAtTheSameMomentNeverTakeTheSameShipment() throws Exception {
        // Tokens of workflows that hang: whatever the service's own upkeep claims stays as it is.
        Neighbourhood.ORDER_SERVICE.respondWith(_ -> Neighbourhood.DOWN);
        IntStream.range(0, 60)
                .forEach(i -> leftBehind(new Report.Asked(new TaskToken("t" + i), Instant.now())));
        var claimed = new ArrayList<UUID>();
        var every = Duration.ofHours(1);
        jdbc.sql("UPDATE shipment SET heartbeat_at = now() - interval '1 s'").update();
        var claims = atTheSameMoment(8, _ -> shipments.claimHeartbeats(10, every));
        claims.forEach(claim -> claim.forEach(pulse -> claimed.add(pulse.orderId())));
        assertThat(claimed).isNotEmpty().doesNotHaveDuplicates();
    }

    private static <T> List<T> atTheSameMoment(int many, java.util.function.IntFunction<T> action)
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
    void whatCannotBeReadGoesToTheDeadLettersAndTheRestGoesOn() {
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
                        "no command for shipping: ApproveOrder");
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
    void aCarrierThatTalksNonsenseIsNotBelieved() {
        for (var nonsense :
                List.of(
                        new StubResponse(201, "no json"),
                        new StubResponse(201, "{}"),
                        new StubResponse(201, "{\"trackingNumber\":\"<script>\"}"),
                        new StubResponse(302, ""),
                        new StubResponse(400, "{}"))) {
            var each = UUID.randomUUID();
            Neighbourhood.BOOKINGS.put(each, nonsense);
            request(each, each.toString());
            eventually().until(() -> !bookingsOf(each).isEmpty());
            eventually().until(() -> status(each).equals("PERMITTED/AWAITING"));
            Neighbourhood.BOOKINGS.clear();
            eventually().until(() -> status(each).equals("BOOKED/ANSWERED"));
        }
    }

    @Test
    void aPermitThatIsNotThisOrdersIsNotUsed() {
        for (var nonsense :
                List.of(
                        new StubResponse(
                                200,
                                Neighbourhood.permit(
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
            Neighbourhood.PERMITS.put(each, nonsense);
            request(each, each.toString());
            eventually().until(() -> !permitsAskedFor(each).isEmpty());
            assertThat(bookingsOf(each)).isEmpty();
            Neighbourhood.PERMITS.clear();
            eventually().until(() -> status(each).equals("BOOKED/ANSWERED"));
        }
    }

    // What others may see

    @Test
    void operatorsSeeTheShipmentWithoutSecrets() throws Exception {
        request(order, token);
        eventually().until(() -> status(order).equals("BOOKED/ANSWERED"));
        var answer = get("/internal/shipments/" + order, "test-internal-api-key");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .contains(
                        "\"status\":\"BOOKED\"",
                        "\"workflow\":\"ANSWERED\"",
                        "\"trackingNumber\":\"TRACK-" + order)
                .doesNotContain("token");
        assertThat(get("/internal/shipments/" + order, "wrong").statusCode()).isEqualTo(403);
        assertThat(get("/internal/shipments/" + UUID.randomUUID(), "test-internal-api-key").body())
                .contains("problems/shipment-unknown");
        assertThat(get("/internal/shipments/x", "test-internal-api-key").statusCode())
                .isEqualTo(400);
    }

    @Test
    void manyOrdersShipmentsAreLookedAtAtOnce() throws Exception {
        request(order, token);
        eventually().until(() -> status(order).equals("BOOKED/ANSWERED"));
        var answer = standings("\"%s\",\"%s\"".formatted(order, UUID.randomUUID()));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .startsWith("{\"shipments\":[{\"shipmentId\"")
                .containsOnlyOnce("\"status\":")
                .contains("\"status\":\"BOOKED\"")
                .doesNotContain("token");
        assertThat(standings("").statusCode()).isEqualTo(400);
    }

    private HttpResponse<String> standings(String orders) throws Exception {
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
        return jdbc.sql("SELECT progress || '/' || caller FROM shipment WHERE order_id = ?")
                .param(orderId)
                .query(String.class)
                .optional()
                .orElse("nothing");
    }

    private long count(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }

    private String everythingStored() {
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
