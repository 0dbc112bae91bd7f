package dev.orderflow.order.cancellation;

import static dev.orderflow.order.OrderApiClient.json;
import static dev.orderflow.order.OrderApiClient.problemType;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.OrderConfirmed;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.Total;
import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.order.OrderApiClient;
import dev.orderflow.order.RunningOrderService;
import dev.orderflow.order.StoredEvents;
import dev.orderflow.order.domain.OrderState;
import dev.orderflow.order.domain.Orders;
import dev.orderflow.order.domain.TimelineEntry;
import dev.orderflow.order.progress.OrderProgressService;
import dev.orderflow.order.progress.ProgressResult;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

@RunningOrderService
class CancelOrDispatchTest {

    private final OrderApiClient api;
    private static final Operator OSKAR =
            new Operator("oskar", "Oskar Operator", Set.of(OperatorRole.OPERATOR));

    private final CancellationService cancellation;
    private final OperatorCancellationService operatorCancellation;
    private final DispatchPermitService permits;
    private final OrderProgressService progress;
    private final Orders orders;
    private final StoredEvents events;

    @Autowired
    CancelOrDispatchTest(
            @LocalServerPort int port,
            CancellationService cancellation,
            OperatorCancellationService operatorCancellation,
            DispatchPermitService permits,
            OrderProgressService progress,
            Orders orders,
            StoredEvents events) {
        this.api = new OrderApiClient(port);
        this.cancellation = cancellation;
        this.operatorCancellation = operatorCancellation;
        this.permits = permits;
        this.progress = progress;
        this.orders = orders;
        this.events = events;
    }

    @Test
    void aCancelledOrderGetsNoDispatchPermit() {
        var id = api.placeAccepted(api.createArticle("1.00", "EUR"));
        var cancelled = api.cancel(id);
        assertThat(cancelled.statusCode()).isEqualTo(202);
        assertThat(json(cancelled).path("state").asString()).isEqualTo("CANCEL_REQUESTED");
        assertThat(json(cancelled).path("timeline").findValuesAsString("type"))
                .containsExactly("OrderPlaced", "CancellationRequested");
        var permit = api.requestDispatchPermit(id);
        assertThat(permit.statusCode()).isEqualTo(409);
        assertThat(problemType(permit)).isEqualTo("dispatch-denied");
        assertThat(json(permit).path("state").asString()).isEqualTo("CANCEL_REQUESTED");
    }

    @Test
    void aPermittedOrderIsTooLateToCancel() {
        var sku = api.createArticle("1.00", "EUR");
        var id = api.placeAccepted(sku);
        var permit = api.requestDispatchPermit(id);
        assertThat(permit.statusCode()).isEqualTo(200);
        assertThat(json(permit).path("recipient").asString()).isEqualTo("Ada Lovelace");
        assertThat(json(permit).at("/address/postalCode").asString()).isEqualTo("SW1Y 4JH");
        assertThat(json(permit).at("/lines/0/sku").asString()).isEqualTo(sku);
        var cancelled = api.cancel(id);
        assertThat(cancelled.statusCode()).isEqualTo(409);
        assertThat(problemType(cancelled)).isEqualTo("too-late-to-cancel");
        assertThat(json(cancelled).path("state").asString()).isEqualTo("DISPATCHING");
    }

    @Test
    void repeatedRequestsGetTheSameResponseAndPublishNothingTwice() {
        var cancelled = api.placeAccepted(api.createArticle("1.00", "EUR"));
        assertThat(api.cancel(cancelled).statusCode()).isEqualTo(202);
        assertThat(api.cancel(cancelled).statusCode()).isEqualTo(202);
        assertThat(cancellationsTold(cancelled)).isEqualTo(1);
        var permitted = api.placeAccepted(api.createArticle("1.00", "EUR"));
        assertThat(api.requestDispatchPermit(permitted).body())
                .isEqualTo(api.requestDispatchPermit(permitted).body());
        assertThat(whatHappened(permitted)).containsExactly("DispatchPermitted");
    }

    @Test
    void aCancellationIsStoredWithItsEvent() {
        var id = api.placeAccepted(api.createArticle("1.00", "EUR"));
        assertThat(cancellationsTold(id)).isZero();
        api.cancel(id);
        assertThat(cancellationsTold(id)).isEqualTo(1);
    }

    @Test
    void ofAConcurrentCancellationAndPermitExactlyOneIsGranted() throws Exception {
        int cancelledOrders = 0;
        int dispatchedOrders = 0;
        var sku = api.createArticle("1.00", "EUR");
        for (int round = 0; round < 40; round++) {
            var id = UUID.fromString(api.placeAccepted(sku));
            var customer = new CustomerRef(api.customer());
            var cancels = new ArrayList<Callable<CancellationService.CancelOrderResult>>();
            var asks = new ArrayList<Callable<DispatchPermitService.DispatchPermitResult>>();
            for (int n = 0; n < 4; n++) {
                var reason = "call " + n;
                cancels.add(
                        n % 2 == 0
                                ? () -> cancellation.cancel(id, customer, null)
                                : () -> operatorCancellation.cancel(id, OSKAR, reason, null));
                asks.add(() -> permits.requestPermit(id));
            }
            var start = new CyclicBarrier(cancels.size() + asks.size() + 1);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var cancelling = cancels.stream().map(it -> threads.submit(at(start, it))).toList();
                var asking = asks.stream().map(it -> threads.submit(at(start, it))).toList();
                var confirming =
                        threads.submit(at(start, () -> progress.applyReport(confirmed(id))));
                boolean cancelled =
                        agreed(
                                cancelling,
                                CancellationService.CancelOrderResult.CancellationAccepted.class);
                boolean permitted =
                        agreed(
                                asking,
                                DispatchPermitService.DispatchPermitResult.DispatchPermitted.class);
                assertThat(cancelled).as("cancelled, or else permitted").isNotEqualTo(permitted);
                assertThat(confirming.get())
                        .isInstanceOfAny(
                                ProgressResult.OrderMoved.class, ProgressResult.LateReport.class);
                assertThat(orders.findState(id).orElseThrow().state())
                        .isEqualTo(
                                cancelled
                                        ? new OrderState.CancelRequested()
                                        : new OrderState.Dispatching());
                assertThat(cancellationsTold(id.toString())).isEqualTo(cancelled ? 1 : 0);
                assertThat(whatHappened(id.toString()))
                        .containsExactlyInAnyOrder(
                                "OrderConfirmed",
                                cancelled ? "CancellationRequested" : "DispatchPermitted");
                if (cancelled) {
                    cancelledOrders++;
                } else {
                    dispatchedOrders++;
                }
            }
        }
        assertThat(cancelledOrders + dispatchedOrders).isEqualTo(40);
    }

    private static <T> Callable<T> at(CyclicBarrier start, Callable<T> work) {
        return () -> {
            start.await();
            return work.call();
        };
    }

    /// Whether all were granted; fails the test if only some were.
    private static <T> boolean agreed(List<Future<T>> answers, Class<? extends T> granted)
            throws Exception {
        int yes = 0;
        for (var answer : answers) {
            yes += granted.isInstance(answer.get()) ? 1 : 0;
        }
        assertThat(yes).isIn(0, answers.size());
        return yes > 0;
    }

    private static OrderEvent confirmed(UUID id) {
        return new OrderConfirmed(
                OrderEvent.idOf(id, OrderConfirmed.class),
                1,
                Instant.parse("2026-11-20T10:00:00Z"),
                id,
                2,
                "ada",
                new Total(new BigDecimal("1.00"), "EUR"),
                null);
    }

    private List<String> whatHappened(String id) {
        return orders.timeline(UUID.fromString(id)).stream().map(TimelineEntry::type).toList();
    }

    private int cancellationsTold(String id) {
        return events.count(id + "/OrderCancellationRequested");
    }
}
