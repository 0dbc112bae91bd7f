package dev.orderflow.operations.auditor;

import static dev.orderflow.operations.auditor.AuditFixture.CAPTURED;
import static dev.orderflow.operations.auditor.AuditFixture.PARTLY_REFUNDED;
import static dev.orderflow.operations.auditor.AuditFixture.REFUNDED;
import static dev.orderflow.operations.auditor.AuditFixture.SHIPPING_EMAIL;
import static dev.orderflow.operations.auditor.AuditFixture.cancelled;
import static dev.orderflow.operations.auditor.AuditFixture.confirmed;
import static dev.orderflow.operations.auditor.AuditFixture.shipped;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.operations.OperationsConsoleFixture;
import dev.orderflow.operations.ServiceStubs;
import dev.orderflow.operations.ServiceStubs.StubbedOrder;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Which orders a round reads, and when a violation is open.
@OperationsConsoleFixture
class AuditorTest {

    private static final String ORDER_CHANGES = "/internal/orders/changes";
    private static final String RECHECKS = "/internal/orders/state-batch";
    private static final String GATEWAY_CHANGES = "/internal/payments/gateway-changes";
    private static final String STOCK = "/internal/stock/audit";

    private final AuditFixture audit;
    private final AuditCursor cursor;
    private final JdbcClient jdbc;
    private final MeterRegistry meters;

    @Autowired
    AuditorTest(
            @LocalServerPort int port,
            BeanFactory beans,
            AuditCursor cursor,
            JdbcClient jdbc,
            MeterRegistry meters) {
        this.audit = new AuditFixture(port, beans);
        this.cursor = cursor;
        this.jdbc = jdbc;
        this.meters = meters;
    }

    @Test
    void aChargeWhoseOrderIsLostIsAViolationUntilItIsRefunded() {
        var order = lostOrder();
        assertThat(audit.openInvariants()).containsExactly("CHARGED_ORDER_KNOWN");
        assertThat(audit.violations("open").path("violations").path(0).path("detail").asString())
                .isEqualTo(
                        "order-service does not know the order; the gateway has one charge:"
                                + " 49.90 EUR captured, 6.00 EUR refunded");
        assertThat(meters.get("audit.violations").gauge().value()).isEqualTo(1);
        assertThat(audit.violatedInvariants()).containsExactly("CHARGED_ORDER_KNOWN");
        assertThat(audit.audit(order.id).path("violations")).hasSize(1);
        audit.makeRechecksDue();
        audit.runRound();
        assertThat(audit.openInvariants()).as("after further rounds").hasSize(1);

        order.charges.set(0, REFUNDED);
        audit.makeRechecksDue();
        audit.runRound();
        assertThat(audit.openInvariants()).isEmpty();
        assertThat(audit.countRechecks()).isZero();
        assertThat(audit.violatedInvariants()).isEmpty();
    }

    @Test
    void aChargeWhoseOrderWasLostIsNoViolationWhenTheOrderIsBack() {
        var order = lostOrder();
        order.lost = false;
        order.payment = "\"state\":\"REFUNDED\"," + PARTLY_REFUNDED;
        audit.makeRechecksDue();
        audit.runRound();
        assertThat(audit.openInvariants()).isEmpty();
    }

    /// A shipped order that order-service loses before a part of it is refunded.
    private StubbedOrder lostOrder() {
        var order = shipped();
        order.lost = true;
        order.charges.set(0, PARTLY_REFUNDED);
        ServiceStubs.put(order);
        ServiceStubs.changeAtGateway(order.id);
        audit.runRound();
        audit.makeRechecksDue();
        audit.runRound();
        assertThat(audit.openInvariants()).as("within the grace period").isEmpty();
        audit.endGracePeriod();
        audit.runRound();
        return order;
    }

    @Test
    void aRefundInTheDashboardOfAShippedOrderIsFoundWithoutAChangeOfTheOrder() {
        var order = shipped();
        var other = shipped();
        ServiceStubs.change(order);
        ServiceStubs.change(other);
        audit.runRound();
        audit.makeRechecksDue();
        audit.runRound();
        assertThat(audit.countRechecks()).isZero();

        order.charges.set(0, PARTLY_REFUNDED);
        ServiceStubs.changeAtGateway(order.id);
        ServiceStubs.changeAtGateway(other.id);
        ServiceStubs.changeAtGateway(UUID.randomUUID());
        audit.runRound();
        assertThat(audit.countRechecks()).as("after the lag of the gateway's search").isEqualTo(3);
        audit.makeRechecksDue();
        audit.runRound();
        audit.endGracePeriod();
        audit.runRound();
        assertThat(audit.openInvariants()).containsExactly("PAYMENT_MATCHES_GATEWAY");
        assertThat(audit.violations("open").path("violations").path(0).path("detail").asString())
                .isEqualTo(
                        "payment-service says CAPTURED, authorised 49.90 EUR, captured 49.90 EUR;"
                                + " the gateway has one charge: 49.90 EUR captured, 6.00 EUR"
                                + " refunded");

        order.payment = "\"state\":\"REFUNDED\"," + PARTLY_REFUNDED;
        audit.makeRechecksDue();
        audit.runRound();
        assertThat(audit.openInvariants()).isEmpty();
        assertThat(audit.countRechecks()).isZero();
        assertThat(cursor.gatewayCursor()).isEqualTo("3");
    }

    @Test
    void allOrdersAreReadAgainWhenTheGatewayNoLongerListsTheChangesAtTheCursor() {
        var order = shipped();
        ServiceStubs.change(order);
        audit.runRound();
        audit.makeRechecksDue();
        audit.runRound();
        jdbc.sql("UPDATE audit_cursor SET gateway_cursor = :cursor")
                .param("cursor", ServiceStubs.EXPIRED_CURSOR)
                .update();
        order.charges.set(0, PARTLY_REFUNDED);
        audit.runRound();
        assertThat(audit.ordersCursor()).isEmpty();
        audit.runRound();
        audit.endGracePeriod();
        audit.runRound();
        assertThat(audit.openInvariants()).containsExactly("PAYMENT_MATCHES_GATEWAY");
    }

    @Test
    void aViolationThatEndsWithinTheGracePeriodIsNotListed() {
        var order = shipped();
        order.emails.clear();
        ServiceStubs.change(order);
        audit.runRound();
        assertThat(audit.audit(order.id).path("violations")).hasSize(1);
        order.emails.add(SHIPPING_EMAIL);
        audit.endGracePeriod();
        audit.runRound();
        assertThat(audit.violations("all").path("violations")).isEmpty();
    }

    @Test
    void aViolationThatBeginsAfterTheFirstCheckIsFoundByTheRecheckAfterTheGracePeriod() {
        var order = cancelled();
        ServiceStubs.change(order);
        audit.runRound();
        order.charges.set(0, CAPTURED);
        audit.runRound();
        assertThat(audit.countViolations()).isZero();
        audit.makeRechecksDue();
        audit.runRound();
        audit.endGracePeriod();
        audit.runRound();
        assertThat(audit.openInvariants()).contains("UNSHIPPED_FINAL_ORDER_NOT_CHARGED");
    }

    @Test
    void everyChangeIsReadOnceAcrossPages() {
        double before = meters.counter("audit.orders.checked").count();
        for (int i = 0; i < 8; i++) {
            ServiceStubs.change(confirmed());
        }
        audit.runRound();
        assertThat(meters.counter("audit.orders.checked").count() - before).isEqualTo(8);
        audit.runRound();
        assertThat(meters.counter("audit.orders.checked").count() - before).isEqualTo(8);
        ServiceStubs.change(confirmed());
        audit.runRound();
        assertThat(meters.counter("audit.orders.checked").count() - before).isEqualTo(9);
        assertThat(audit.auditAll().path("orders").asInt()).isEqualTo(9);
    }

    @Test
    void anInstanceDoesNotAuditWhileAnotherHoldsTheLease() {
        ServiceStubs.change(confirmed());
        var other = UUID.randomUUID();
        assertThat(cursor.acquireOrRenewLease(other, Duration.ofMinutes(1))).contains("");
        audit.runRound();
        assertThat(audit.ordersCursor()).isEmpty();
        cursor.releaseLease(other);
        audit.runRound();
        assertThat(audit.ordersCursor()).isEqualTo("1");
    }

    @Test
    void anInstanceThatLostTheLeaseDoesNotMoveTheCursor() {
        var late = UUID.randomUUID();
        cursor.acquireOrRenewLease(late, Duration.ZERO);
        assertThat(cursor.acquireOrRenewLease(UUID.randomUUID(), Duration.ofMinutes(1)))
                .isPresent();
        cursor.advance(late, "7");
        assertThat(audit.ordersCursor()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/internal/orders",
                "/internal/payments",
                "/internal/reservations",
                "/internal/shipments",
                "/internal/notifications"
            })
    void whileAServiceIsUnavailableNoViolationIsOpenedAndNoOrderSkipped(String path) {
        var order = shipped();
        order.emails.clear();
        ServiceStubs.change(order);
        ServiceStubs.setUnavailable(path);
        audit.runRound();
        assertThat(audit.ordersCursor()).isEmpty();
        assertThat(audit.api.send("POST", "/audit", "{}"))
                .satisfies(
                        response -> {
                            assertThat(response.statusCode()).isEqualTo(503);
                            assertThat(response.body())
                                    .contains(
                                            "audit-incomplete", "-service responded with HTTP 503");
                        });
        assertThat(audit.countViolations()).isZero();
        jdbc.sql("UPDATE audit_part SET completed_at = now() - interval '7 minutes'").update();
        audit.runRound();
        assertThat(lag()).isGreaterThanOrEqualTo(420);

        ServiceStubs.setUnavailable("");
        audit.runRound();
        assertThat(audit.ordersCursor()).isEqualTo("1");
        assertThat(lag()).isLessThan(420);
        assertThat(audit.violatedInvariants()).containsExactly("SHIPPED_ORDER_NOTIFIED");
    }

    @ParameterizedTest
    @ValueSource(strings = {ORDER_CHANGES, RECHECKS, GATEWAY_CHANGES, STOCK})
    void aPartOfARoundWhoseServiceIsUnavailableLagsAndDoesNotPreventTheOthers(String path) {
        var due = createWorkForAllParts();
        jdbc.sql("UPDATE audit_part SET completed_at = now() - interval '7 minutes'").update();
        ServiceStubs.setUnavailable(path);
        audit.runRound();
        assertThat(findUnfinished(due)).containsExactly(path);
        assertThat(lag()).isGreaterThanOrEqualTo(420);

        ServiceStubs.setUnavailable("");
        audit.runRound();
        assertThat(findUnfinished(due)).isEmpty();
        assertThat(lag()).isLessThan(420);
    }

    private double lag() {
        return meters.get("audit.lag").gauge().value();
    }

    @Test
    void theLagCoversEachPart() {
        assertThat(jdbc.sql("SELECT part FROM audit_part").query(String.class).list())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(AuditPart.values()).map(AuditPart::name).toList());
    }

    /// A changed order, an order whose recheck is due, a change at the gateway, and an article with
    /// a violation.
    ///
    /// @return the order whose recheck is due
    private UUID createWorkForAllParts() {
        var due = shipped();
        ServiceStubs.put(due);
        cursor.scheduleRechecks(List.of(due.id), Duration.ZERO);
        ServiceStubs.change(shipped());
        ServiceStubs.changeAtGateway(UUID.randomUUID());
        ServiceStubs.putArticle("MUG-RED", 5, 0, 6, 0);
        return due.id;
    }

    /// The paths of the parts of a round that left their work.
    private List<String> findUnfinished(UUID due) {
        var unfinished = new ArrayList<String>();
        if (audit.ordersCursor().isEmpty()) {
            unfinished.add(ORDER_CHANGES);
        }
        if (jdbc.sql("SELECT count(*) FROM audit_recheck WHERE order_id = :due")
                        .param("due", due)
                        .query(Long.class)
                        .single()
                > 0) {
            unfinished.add(RECHECKS);
        }
        if (cursor.gatewayCursor().isEmpty()) {
            unfinished.add(GATEWAY_CHANGES);
        }
        if (audit.countViolations() == 0) {
            unfinished.add(STOCK);
        }
        return unfinished;
    }
}
