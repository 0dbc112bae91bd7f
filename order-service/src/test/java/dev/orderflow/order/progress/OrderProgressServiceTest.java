package dev.orderflow.order.progress;

import static dev.orderflow.order.OrderApiClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.EventLine;
import dev.orderflow.contracts.OrderCancelled;
import dev.orderflow.contracts.OrderConfirmed;
import dev.orderflow.contracts.OrderCreated;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.OrderRejected;
import dev.orderflow.contracts.OrderShipped;
import dev.orderflow.contracts.Total;
import dev.orderflow.order.OrderApiClient;
import dev.orderflow.order.RunningOrderService;
import dev.orderflow.order.domain.OrderState;
import dev.orderflow.order.domain.RejectionReason;
import dev.orderflow.order.domain.WorkItemKind;
import dev.orderflow.order.domain.WorkItems;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

@RunningOrderService
class OrderProgressServiceTest {

    private static final Instant THEN = Instant.parse("2026-11-20T10:15:30.123Z");
    private static final Total TOTAL = new Total(new BigDecimal("1.00"), "EUR");

    private final OrderApiClient api;
    private final OrderProgressService progress;
    private final WorkItems workItems;
    private final SimpleMeterRegistry meters;
    private UUID id = new UUID(0, 0);

    @Autowired
    OrderProgressServiceTest(
            @LocalServerPort int port,
            OrderProgressService progress,
            WorkItems workItems,
            SimpleMeterRegistry meters) {
        this.api = new OrderApiClient(port);
        this.progress = progress;
        this.workItems = workItems;
        this.meters = meters;
    }

    @BeforeEach
    void anOrderIsPlaced() {
        id = UUID.fromString(api.placeAccepted(api.createArticle("1.00", "EUR")));
    }

    @Test
    void anOrderIsConfirmedAndShipped() {
        assertThat(progress.applyReport(confirmed()))
                .isEqualTo(new ProgressResult.OrderMoved(new OrderState.Confirmed()));
        api.requestDispatchPermit(id.toString());
        assertThat(progress.applyReport(shipped()))
                .isEqualTo(new ProgressResult.OrderMoved(new OrderState.Shipped()));
        var order = order();
        assertThat(order.path("state").asString()).isEqualTo("SHIPPED");
        assertThat(order.path("version").asInt()).isEqualTo(3);
        assertThat(order.path("needsAttention").asBoolean()).isFalse();
        assertThat(order.path("timeline").findValuesAsString("type"))
                .containsExactly(
                        "OrderPlaced", "OrderConfirmed", "DispatchPermitted", "OrderShipped");
        assertThat(order.path("timeline").findValuesAsString("state"))
                .containsExactly("PENDING", "CONFIRMED", "DISPATCHING", "SHIPPED");
        assertThat(order.at("/timeline/1/at").asString()).isEqualTo(THEN.toString());
    }

    @Test
    void aRejectionIsStoredWithItsReason() {
        assertThat(progress.applyReport(rejected(OrderRejected.OrderRejectionReason.OUT_OF_STOCK)))
                .isEqualTo(
                        new ProgressResult.OrderMoved(
                                new OrderState.Rejected(RejectionReason.OUT_OF_STOCK)));
        assertThat(order().path("state").asString()).isEqualTo("REJECTED");
        assertThat(order().path("reason").asString()).isEqualTo("OUT_OF_STOCK");
        assertThat(order().at("/timeline/1/reason").asString()).isEqualTo("OUT_OF_STOCK");
    }

    @Test
    void aReportDeliveredTwiceChangesNothing() {
        progress.applyReport(confirmed());
        var before = order();
        assertThat(progress.applyReport(confirmed()))
                .isEqualTo(new ProgressResult.AlreadyApplied());
        assertThat(order()).isEqualTo(before);
    }

    @Test
    void aReportDeliveredConcurrentlyMovesTheOrderOnce() throws Exception {
        var outcomes = new ArrayList<ProgressResult>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures =
                    IntStream.range(0, 12)
                            .mapToObj(_ -> threads.submit(() -> progress.applyReport(confirmed())))
                            .toList();
            for (var future : futures) {
                outcomes.add(future.get());
            }
        }
        assertThat(outcomes).filteredOn(ProgressResult.OrderMoved.class::isInstance).hasSize(1);
        assertThat(outcomes)
                .filteredOn(ProgressResult.AlreadyApplied.class::isInstance)
                .hasSize(11);
    }

    @Test
    void concurrentReportsEndInTheSameState() throws Exception {
        for (int round = 0; round < 15; round++) {
            anOrderIsPlaced();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var permit = threads.submit(() -> api.requestDispatchPermit(id.toString()));
                var confirm = threads.submit(() -> progress.applyReport(confirmed()));
                var ship = threads.submit(() -> progress.applyReport(shipped()));
                permit.get();
                assertThat(confirm.get())
                        .isInstanceOfAny(
                                ProgressResult.OrderMoved.class, ProgressResult.LateReport.class);
                assertThat(ship.get())
                        .isEqualTo(new ProgressResult.OrderMoved(new OrderState.Shipped()));
            }
            assertThat(order().path("state").asString()).isEqualTo("SHIPPED");
            assertThat(order().path("needsAttention").asBoolean()).isFalse();
        }
    }

    @Test
    void aConfirmationAfterTheShipmentIsOnlyAddedToTheTimeline() {
        progress.applyReport(shipped());
        assertThat(progress.applyReport(confirmed())).isEqualTo(new ProgressResult.LateReport());
        assertThat(order().path("state").asString()).isEqualTo("SHIPPED");
        assertThat(order().path("timeline").findValuesAsString("type"))
                .containsExactly("OrderPlaced", "OrderShipped", "OrderConfirmed");
        assertThat(order().path("needsAttention").asBoolean()).isFalse();
    }

    @Test
    void aCancelledOrderIsFinalWhenTheWorkflowHasCompensatedIt() {
        api.cancel(id.toString());
        assertThat(progress.applyReport(confirmed())).isEqualTo(new ProgressResult.LateReport());
        assertThat(progress.applyReport(cancelled()))
                .isEqualTo(new ProgressResult.OrderMoved(new OrderState.Cancelled()));
        assertThat(api.cancel(id.toString()).statusCode()).isEqualTo(202);
        assertThat(order().path("state").asString()).isEqualTo("CANCELLED");
    }

    @Test
    void aCancelledOrderWhoseWorkflowRejectsItEndsRejected() {
        api.cancel(id.toString());
        assertThat(
                        progress.applyReport(
                                rejected(OrderRejected.OrderRejectionReason.PAYMENT_DECLINED)))
                .isInstanceOf(ProgressResult.OrderMoved.class);
        assertThat(order().path("state").asString()).isEqualTo("REJECTED");
    }

    @Test
    void everyTransitionIsCountedByItsTargetState() {
        var confirmed = meters.get("orders.moved").tag("state", "CONFIRMED").counter();
        var shipped = meters.get("orders.moved").tag("state", "SHIPPED").counter();
        double before = confirmed.count();
        progress.applyReport(confirmed());
        progress.applyReport(confirmed());
        assertThat(confirmed.count() - before).as("a repeated report moves nothing").isOne();
        before = shipped.count();
        progress.applyReport(shipped());
        assertThat(shipped.count() - before).isOne();
    }

    @Test
    void aShipmentOfACancelledOrderIsCountedAndOpensAWorkItem() {
        api.cancel(id.toString());
        var alarms = meters.get("orders.reports.out.of.order").counter();
        double before = alarms.count();
        assertThat(progress.applyReport(shipped()))
                .isInstanceOf(ProgressResult.OutOfOrderReport.class);
        assertThat(alarms.count()).isEqualTo(before + 1);
        assertThat(order().path("state").asString()).isEqualTo("CANCEL_REQUESTED");
        assertThat(order().path("needsAttention").asBoolean()).isTrue();
        assertThat(inside().path("workItemReason").asString()).contains("shipped although");
        assertThat(inside().path("timeline").findValuesAsString("effect"))
                .containsExactly("MOVED", "OUT_OF_ORDER");
        assertThat(progress.applyReport(shipped())).isEqualTo(new ProgressResult.AlreadyApplied());
        assertThat(alarms.count()).isEqualTo(before + 1);
    }

    @Test
    void contradictionsAreHiddenFromTheCustomer() {
        progress.applyReport(cancelled());
        assertThat(order().path("timeline").findValuesAsString("type"))
                .containsExactly("OrderPlaced");
        assertThat(order().path("needsAttention").asBoolean()).isTrue();
        var reason = inside().path("workItemReason").asString();
        assertThat(reason).isNotBlank();
        assertThat(order().toString()).doesNotContain(reason);
    }

    @Test
    void aReportOfAnUnknownOrderIsRejectedEachTime() {
        id = UUID.randomUUID();
        assertThat(progress.applyReport(confirmed())).isEqualTo(new ProgressResult.UnknownOrder());
        assertThat(progress.applyReport(confirmed())).isEqualTo(new ProgressResult.UnknownOrder());
    }

    @Test
    void anEventOfOrderServiceIsOutOfOrderAsAReport() {
        var created =
                new OrderCreated(
                        OrderEvent.idOf(id, OrderCreated.class),
                        1,
                        THEN,
                        id,
                        1,
                        "ada",
                        List.of(new EventLine("MUG", 1)),
                        TOTAL,
                        null);
        assertThat(progress.applyReport(created))
                .isInstanceOf(ProgressResult.OutOfOrderReport.class);
        assertThat(order().path("state").asString()).isEqualTo("PENDING");
    }

    @Test
    void anOrderHasOneWorkItemForEachReason() {
        assertThat(workItems.open(id, WorkItemKind.WORKFLOW_FAILED, "workflow FAILED")).isTrue();
        assertThat(workItems.open(id, WorkItemKind.WORKFLOW_FAILED, "workflow FAILED")).isFalse();
        assertThat(inside().path("workItemReason").asString()).isEqualTo("workflow FAILED");
        assertThat(inside().path("timeline").findValuesAsString("type"))
                .containsExactly("WorkItemOpened");
        assertThat(
                        workItems.open(
                                UUID.randomUUID(), WorkItemKind.WORKFLOW_FAILED, "workflow FAILED"))
                .isFalse();
    }

    private JsonNode order() {
        return json(api.get("/orders/" + id));
    }

    private JsonNode inside() {
        return json(api.sendInternal("GET", "/internal/orders/" + id, ""));
    }

    private OrderEvent confirmed() {
        return new OrderConfirmed(
                OrderEvent.idOf(id, OrderConfirmed.class), 1, THEN, id, 2, "ada", TOTAL, null);
    }

    private OrderEvent shipped() {
        return new OrderShipped(
                OrderEvent.idOf(id, OrderShipped.class),
                1,
                THEN,
                id,
                3,
                "ada",
                List.of(new EventLine("MUG", 1)),
                TOTAL,
                null);
    }

    private OrderEvent rejected(OrderRejected.OrderRejectionReason reason) {
        return new OrderRejected(
                OrderEvent.idOf(id, OrderRejected.class),
                1,
                THEN,
                id,
                3,
                "ada",
                reason,
                TOTAL,
                null);
    }

    private OrderEvent cancelled() {
        return new OrderCancelled(
                OrderEvent.idOf(id, OrderCancelled.class),
                1,
                THEN,
                id,
                3,
                "ada",
                OrderCancelled.OrderCancellationReason.CUSTOMER_REQUEST,
                TOTAL,
                null);
    }
}
