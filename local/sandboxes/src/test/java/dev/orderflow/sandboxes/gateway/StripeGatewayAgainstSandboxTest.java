package dev.orderflow.sandboxes.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.fixture.BoundaryValues;
import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.PaymentMethodId;
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
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The adapter of payment-service with Stripe's own client calls the sandbox over HTTP.
class StripeGatewayAgainstSandboxTest {

    private static final Money MONEY = Money.of("49.90", "EUR");

    private static SandboxGatewayFixture gateway;

    private final UUID order = UUID.randomUUID();

    @BeforeAll
    static void start() {
        gateway = new SandboxGatewayFixture();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void nothingFails() {
        gateway.setFault("{\"mode\":\"none\"}");
    }

    @Test
    void aRefusedConnectionMeansThatNothingWasExecuted() throws Exception {
        int port;
        try (var unused = new ServerSocket(0)) {
            port = unused.getLocalPort();
        }
        var unreachable = adapter(URI.create("http://127.0.0.1:" + port), "sk_test_x");
        assertThat(unreachable.confirm(new IntentId("pi_1"), "k"))
                .isInstanceOf(GatewayResult.GatewayUnreachable.class);
    }

    @Test
    void aRejectedApiKeyMeansThatNothingWasExecuted() {
        assertThat(open(adapter(gateway.url(), "sk_live_oops"), "pm_card_visa"))
                .isInstanceOf(GatewayResult.GatewayUnreachable.class);
    }

    @Test
    void onlyACertainFailureIsReportedAsUnreachable() {
        gateway.setFault("{\"mode\":\"slow\",\"delayMillis\":60000,\"times\":1}");
        assertUnknownAndNotStored(open(impatientAdapter(gateway.url()), "pm_card_visa"));
        var adapter = adapter(gateway.url(), "sk_test_x");
        for (var mode : List.of("answerLost", "reset")) {
            gateway.setFault("{\"mode\":\"%s\",\"times\":1}".formatted(mode));
            assertUnknownAndNotStored(open(adapter, "pm_card_visa"));
        }
        for (var mode : List.of("error500", "down")) {
            gateway.setFault("{\"mode\":\"%s\",\"times\":1}".formatted(mode));
            assertThat(open(adapter, "pm_card_visa"))
                    .isInstanceOfSatisfying(
                            GatewayResult.ResultUnknown.class,
                            none -> assertThat(none.failureStored()).isTrue());
        }
        gateway.setFault("{\"mode\":\"throttle429\",\"times\":1}");
        assertThat(open(adapter, "pm_card_visa"))
                .isInstanceOf(GatewayResult.GatewayUnreachable.class);
    }

    private static void assertUnknownAndNotStored(GatewayResult result) {
        assertThat(result)
                .isInstanceOfSatisfying(
                        GatewayResult.ResultUnknown.class,
                        none -> assertThat(none.failureStored()).isFalse());
    }

    @Test
    @Timeout(120)
    void aSlowlyDrippingResponseTimesOut() throws Exception {
        try (var dripping = new ServerSocket(0);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var served = threads.submit(() -> drip(dripping));
            var adapter =
                    impatientAdapter(URI.create("http://127.0.0.1:" + dripping.getLocalPort()));
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
        var adapter = adapter(gateway.url(), "sk_test_x");
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
        var adapter = adapter(gateway.url(), "sk_test_x");
        var intent = opened(adapter, order);
        adapter.confirm(intent, order + ":confirm");
        assertThat(
                        ((IntentStatus.IntentAuthorized)
                                        intentStatus(adapter.retrieveStatus(intent)))
                                .until())
                .isBetween(
                        Instant.now().plus(Duration.ofDays(6)),
                        Instant.now().plus(Duration.ofDays(8)));
        gateway.expireAuthorization(order);
        assertThat(intentStatus(adapter.retrieveStatus(intent)))
                .isEqualTo(new IntentStatus.IntentCancelled());
        assertThat(adapter.capture(intent, MONEY, order + ":capture"))
                .isInstanceOf(GatewayResult.RequestRefused.class);
        assertThat(adapter.findCharges(List.of(order)))
                .isEqualTo(new PaymentGateway.ChargesResult.ChargesFound(List.of()));
    }

    @Test
    void aRefundIsFoundByItsKey() {
        var adapter = adapter(gateway.url(), "sk_test_x");
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
        gateway.refundInDashboard(intent, 40);
        assertThat(adapter.findRefund(intent, part, order + ":refund"))
                .isInstanceOf(RefundLookup.RefundAmbiguous.class);
        gateway.setFault("{\"mode\":\"down\",\"on\":\"refunds\",\"times\":1}");
        assertThat(adapter.findRefund(intent, part, order + ":refund:0"))
                .isInstanceOf(RefundLookup.RefundLookupFailed.class);
    }

    @Test
    void refundsAndCancellationsAtTheGatewayAreListedSinceACursor() {
        var adapter = adapter(gateway.url(), "sk_test_x");
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
        gateway.setFault("{\"mode\":\"down\",\"on\":\"events\",\"times\":1}");
        assertThat(adapter.findChanges(page.next(), 100))
                .isInstanceOf(ChangesResult.ChangesUnavailable.class);
    }

    @Test
    void theChargesOfAnOrderWithTwoIntentsAreFound() {
        var adapter = adapter(gateway.url(), "sk_test_x");
        var first = opened(adapter, order);
        adapter.confirm(first, order + ":confirm");
        adapter.capture(first, MONEY, order + ":capture");
        var second =
                (GatewayResult.StatusReported)
                        adapter.createIntent(
                                order, new PaymentMethodId("pm_card_visa"), MONEY, order + ":2");
        adapter.createIntent(order, new PaymentMethodId("pm_card_visa"), MONEY, order + ":3");
        var others = Stream.generate(UUID::randomUUID).limit(24).toList();
        var all = Stream.concat(others.stream(), Stream.of(order)).toList();
        assertThat(adapter.findCharges(all))
                .isEqualTo(
                        new PaymentGateway.ChargesResult.ChargesFound(
                                List.of(
                                        new PaymentGateway.OrderCharge(
                                                order, MONEY, MONEY, null))));
        adapter.confirm(second.intent(), order + ":2:confirm");
        assertThat(adapter.findCharges(all))
                .isEqualTo(
                        new PaymentGateway.ChargesResult.ChargesFound(
                                List.of(
                                        new PaymentGateway.OrderCharge(order, MONEY, MONEY, null),
                                        new PaymentGateway.OrderCharge(order, MONEY, null, null))));
        gateway.setFault("{\"mode\":\"down\",\"on\":\"search\",\"times\":1}");
        assertThat(adapter.findCharges(all))
                .isInstanceOf(PaymentGateway.ChargesResult.ChargesUnavailable.class);
    }

    @Test
    void allPagesOfIntentsAreRead() {
        var adapter = adapter(gateway.url(), "sk_test_x");
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

    @Test
    void theSandboxAcceptsExactlyTheAmountsThatTheServicesAccept() {
        var adapter = adapter(gateway.url(), "sk_test_sandbox");
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

    private static IntentId opened(StripeGateway adapter, UUID order) {
        var opened =
                adapter.createIntent(
                        order, new PaymentMethodId("pm_card_visa"), MONEY, order + ":open");
        return ((GatewayResult.StatusReported) opened).intent();
    }

    private static IntentStatus intentStatus(GatewayResult answer) {
        assertThat(answer).isInstanceOf(GatewayResult.StatusReported.class);
        return ((GatewayResult.StatusReported) answer).status();
    }

    private static StripeGateway adapter(URI base, String key) {
        return adapter(base, key, Duration.ofMinutes(1));
    }

    /// One that gives up soon.
    private static StripeGateway impatientAdapter(URI base) {
        return adapter(base, "sk_test_x", Duration.ofSeconds(3));
    }

    private static StripeGateway adapter(URI base, String key, Duration timeout) {
        return new StripeGateway(new StripeProperties(base, key, Duration.ofMinutes(1), timeout));
    }

    private static GatewayResult open(StripeGateway adapter, String card) {
        return adapter.createIntent(
                UUID.randomUUID(), new PaymentMethodId(card), MONEY, UUID.randomUUID().toString());
    }

    private static GatewayResult open(StripeGateway adapter, String card, String charge) {
        return adapter.createIntent(
                UUID.randomUUID(),
                new PaymentMethodId(card),
                Money.of(BoundaryValues.first(charge), BoundaryValues.second(charge)),
                UUID.randomUUID().toString());
    }
}
