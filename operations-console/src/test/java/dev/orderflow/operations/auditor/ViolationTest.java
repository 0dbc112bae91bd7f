package dev.orderflow.operations.auditor;

import static dev.orderflow.operations.auditor.AuditFixture.AUTHORIZED;
import static dev.orderflow.operations.auditor.AuditFixture.CAPTURED;
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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/// What violates each invariant, from the records of the services to the list of violations.
@OperationsConsoleFixture
class ViolationTest {

    private static final String ARTICLE = "MUG-BLUE";

    private final AuditFixture audit;
    private final MeterRegistry meters;

    @Autowired
    ViolationTest(@LocalServerPort int port, BeanFactory beans, MeterRegistry meters) {
        this.audit = new AuditFixture(port, beans);
        this.meters = meters;
    }

    /// `AuditorTest` loses an order.
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CHARGED_ORDER_KNOWN")
    void aViolationIsOpenAfterTheGracePeriodAndClearedWhenItsInvariantHolds(Invariant invariant) {
        var order = satisfying(invariant);
        ServiceStubs.change(order);
        ServiceStubs.putArticle(ARTICLE, 5, 2, 5, 2);
        audit.runRound();
        var report = audit.auditAll();
        assertThat(report.path("violations")).isEmpty();
        assertThat(report.path("checked").path(invariant.name()).asInt()).isEqualTo(1);

        violate(invariant, order);
        assertThat(audit.violatedInvariants()).contains(invariant.name());
        audit.runRound();
        assertThat(audit.openInvariants()).as("within the grace period").isEmpty();

        audit.endGracePeriod();
        audit.runRound();
        assertThat(audit.openInvariants()).contains(invariant.name());
        assertThat(gauge(invariant)).isEqualTo(1);
        assertThat(meters.get("audit.violations").gauge().value())
                .isEqualTo(audit.openInvariants().size());

        restore(invariant, order);
        audit.makeRechecksDue();
        audit.runRound();
        assertThat(audit.openInvariants()).isEmpty();
        assertThat(gauge(invariant)).isZero();
        assertThat(audit.violations("all").path("violations"))
                .anySatisfy(
                        violation -> {
                            assertThat(violation.path("invariant").asString())
                                    .isEqualTo(invariant.name());
                            assertThat(violation.path("clearedAt").isString()).isTrue();
                        });
    }

    private static StubbedOrder satisfying(Invariant invariant) {
        return switch (invariant) {
            case ORDER_CHARGED_AT_MOST_ONCE, CONFIRMED_ORDER_AUTHORIZED -> confirmed();
            case PAYMENT_MATCHES_GATEWAY,
                    SHIPPED_ORDER_CAPTURED,
                    SHIPPED_ORDER_DEDUCTED,
                    SHIPPED_ORDER_BOOKED,
                    SHIPPED_ORDER_NOTIFIED ->
                    shipped();
            case UNSHIPPED_FINAL_ORDER_NOT_CHARGED,
                    UNSHIPPED_FINAL_ORDER_NOT_RESERVED,
                    UNSHIPPED_FINAL_ORDER_NOT_BOOKED ->
                    cancelled();
            case STOCK_EQUALS_LEDGER, RESERVED_STOCK_EQUALS_RESERVATIONS -> new StubbedOrder();
            case CHARGED_ORDER_KNOWN -> throw new IllegalArgumentException(invariant.name());
        };
    }

    private static void violate(Invariant invariant, StubbedOrder order) {
        switch (invariant) {
            case ORDER_CHARGED_AT_MOST_ONCE -> order.charges.add(AUTHORIZED);
            case CONFIRMED_ORDER_AUTHORIZED -> order.charges.clear();
            case SHIPPED_ORDER_CAPTURED -> order.charges.set(0, AUTHORIZED);
            case PAYMENT_MATCHES_GATEWAY -> order.charges.set(0, REFUNDED);
            case SHIPPED_ORDER_DEDUCTED -> order.reservation = "RESERVED";
            case SHIPPED_ORDER_BOOKED -> order.shipment = "DISPATCH_PERMITTED";
            case SHIPPED_ORDER_NOTIFIED -> order.emails.clear();
            case UNSHIPPED_FINAL_ORDER_NOT_CHARGED -> order.charges.set(0, CAPTURED);
            case UNSHIPPED_FINAL_ORDER_NOT_RESERVED -> order.reservation = "RESERVED";
            case UNSHIPPED_FINAL_ORDER_NOT_BOOKED -> order.shipment = "BOOKED";
            case STOCK_EQUALS_LEDGER -> ServiceStubs.putArticle(ARTICLE, 5, 2, 6, 2);
            case RESERVED_STOCK_EQUALS_RESERVATIONS -> ServiceStubs.putArticle(ARTICLE, 5, 2, 5, 1);
            case CHARGED_ORDER_KNOWN -> throw new IllegalArgumentException(invariant.name());
        }
        ServiceStubs.change(order);
    }

    private static void restore(Invariant invariant, StubbedOrder order) {
        var records = satisfying(invariant);
        order.charges = records.charges;
        order.reservation = records.reservation;
        order.shipment = records.shipment;
        order.emails = records.emails;
        ServiceStubs.putArticle(ARTICLE, 5, 2, 5, 2);
    }

    private double gauge(Invariant invariant) {
        return meters.get("audit.violations.open")
                .tag("invariant", invariant.tag())
                .gauge()
                .value();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"amount\":{\"amount\":\"49.89\",\"currency\":\"EUR\"}",
                "\"amount\":{\"amount\":\"49.90\",\"currency\":\"USD\"}",
                REFUNDED
            })
    void aConfirmedOrderIsNotAuthorizedByAChargeOfAnotherAmount(String charge) {
        var order = confirmed();
        order.charges.set(0, charge);
        ServiceStubs.change(order);
        assertThat(audit.violatedInvariants()).contains("CONFIRMED_ORDER_AUTHORIZED");
    }

    @Test
    void aRefundOfAShippedOrderMustBeAtPaymentServiceAndAtTheGateway() {
        var order = shipped();
        order.charges.set(0, REFUNDED);
        ServiceStubs.change(order);
        assertThat(audit.violatedInvariants()).containsExactly("PAYMENT_MATCHES_GATEWAY");

        order.payment = "\"state\":\"REFUNDED\"," + REFUNDED;
        ServiceStubs.change(order);
        assertThat(audit.violatedInvariants()).isEmpty();
    }

    @Test
    void aPartialRefundLeavesACancelledOrderCharged() {
        var order = cancelled();
        order.charges.set(
                0, CAPTURED + ",\"refunded\":{\"amount\":\"49.89\",\"currency\":\"EUR\"}");
        ServiceStubs.change(order);
        assertThat(audit.violatedInvariants()).contains("UNSHIPPED_FINAL_ORDER_NOT_CHARGED");
    }

    @Test
    void anAuthorisationLeavesACancelledOrderCharged() {
        var order = cancelled();
        order.charges.set(0, AUTHORIZED);
        ServiceStubs.change(order);
        assertThat(audit.violatedInvariants()).contains("UNSHIPPED_FINAL_ORDER_NOT_CHARGED");
    }

    @Test
    void anEmailWithUnknownDeliveryStatusCountsAsSent() {
        var order = shipped();
        order.emails.set(0, SHIPPING_EMAIL.replace("SENT", "UNKNOWN"));
        ServiceStubs.change(order);
        assertThat(audit.violatedInvariants()).isEmpty();
    }

    @Test
    void aRejectedOrderWithoutRecordsAtOtherServicesViolatesNothing() {
        var order = new StubbedOrder();
        order.state = "REJECTED";
        ServiceStubs.change(order);
        var report = audit.auditAll();
        assertThat(report.path("violations")).isEmpty();
        var checked = report.path("checked");
        assertThat(checked.path("UNSHIPPED_FINAL_ORDER_NOT_CHARGED").asInt()).isEqualTo(1);
        assertThat(checked.path("SHIPPED_ORDER_BOOKED").asInt(-1)).isZero();
    }

    @Test
    void anAuthorisationThatIsMissingAtTheGatewayIsFoundInEveryOpenState() {
        for (var state : List.of("PENDING", "CONFIRMED", "CANCEL_REQUESTED", "DISPATCHING")) {
            var order = confirmed();
            order.state = state;
            order.charges.clear();
            ServiceStubs.change(order);
        }
        assertThat(audit.violatedInvariants())
                .filteredOn("PAYMENT_MATCHES_GATEWAY"::equals)
                .hasSize(4);
    }
}
