package dev.orderflow.operations.auditor;

import dev.orderflow.operations.ConsoleApi;
import dev.orderflow.operations.ServiceStubs;
import dev.orderflow.operations.ServiceStubs.StubbedOrder;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// An auditor that has read nothing, and the records of services that it reads.
public final class AuditFixture {

    static final String AUTHORIZED = "\"amount\":" + ServiceStubs.TOTAL;
    static final String CAPTURED = AUTHORIZED + ",\"captured\":" + ServiceStubs.TOTAL;
    static final String REFUNDED = CAPTURED + ",\"refunded\":" + ServiceStubs.TOTAL;
    static final String PARTLY_REFUNDED =
            CAPTURED + ",\"refunded\":{\"amount\":\"6.00\",\"currency\":\"EUR\"}";
    static final String SHIPPING_EMAIL = "\"eventType\":\"OrderShipped\",\"state\":\"SENT\"";

    public final ConsoleApi api;
    private final AuditScheduler scheduler;
    private final JdbcClient jdbc;

    public AuditFixture(int port, BeanFactory beans) {
        this.api = new ConsoleApi(port);
        this.scheduler = beans.getBean(AuditScheduler.class);
        this.jdbc = beans.getBean(JdbcClient.class);
        ServiceStubs.reset();
        jdbc.sql("TRUNCATE violation, audit_recheck").update();
        jdbc.sql(
                        """
                        WITH parts AS (UPDATE audit_part SET completed_at = now())
                        UPDATE audit_cursor
                           SET orders_cursor = '', gateway_cursor = '', lease_expires_at = '-infinity'
                        """)
                .update();
    }

    static StubbedOrder confirmed() {
        var order = new StubbedOrder();
        order.state = "CONFIRMED";
        order.payment = "\"state\":\"AUTHORIZED\"," + AUTHORIZED;
        order.charges.add(AUTHORIZED);
        order.reservation = "RESERVED";
        return order;
    }

    /// An order without violations that was shipped.
    public static StubbedOrder shipped() {
        var order = new StubbedOrder();
        order.state = "SHIPPED";
        order.payment = "\"state\":\"CAPTURED\"," + CAPTURED;
        order.charges.add(CAPTURED);
        order.reservation = "FULFILLED";
        order.shipment = "BOOKED";
        order.emails.add(SHIPPING_EMAIL);
        return order;
    }

    static StubbedOrder cancelled() {
        var order = new StubbedOrder();
        order.state = "CANCELLED";
        order.payment = "\"state\":\"REFUNDED\"," + REFUNDED;
        order.charges.add(REFUNDED);
        order.reservation = "RELEASED";
        order.shipment = "CANCELLED";
        return order;
    }

    /// Runs one round of the auditor.
    public void runRound() {
        scheduler.runOnce();
    }

    /// Makes all violations as old as the grace period, and all rechecks due.
    public void endGracePeriod() {
        jdbc.sql("UPDATE violation SET first_seen = first_seen - interval '5 minutes'").update();
        makeRechecksDue();
    }

    void makeRechecksDue() {
        jdbc.sql("UPDATE audit_recheck SET due_at = now()").update();
    }

    long countRechecks() {
        return jdbc.sql("SELECT count(*) FROM audit_recheck").query(Long.class).single();
    }

    long countViolations() {
        return jdbc.sql("SELECT count(*) FROM violation").query(Long.class).single();
    }

    String ordersCursor() {
        return jdbc.sql("SELECT orders_cursor FROM audit_cursor").query(String.class).single();
    }

    /// Audits all orders now.
    JsonNode auditAll() {
        return api.post(200, "/audit", "{}");
    }

    /// Audits one order now.
    JsonNode audit(UUID order) {
        return api.post(200, "/audit", "{\"orderId\":\"%s\"}".formatted(order));
    }

    /// The invariants that all orders and articles violate now, including the grace period.
    List<String> violatedInvariants() {
        return invariants(auditAll());
    }

    /// The invariants with an open violation.
    List<String> openInvariants() {
        return invariants(violations("open"));
    }

    /// The violations in this state, `open` or `all`.
    JsonNode violations(String state) {
        return api.get("/violations?state=" + state);
    }

    private static List<String> invariants(JsonNode page) {
        return page.path("violations")
                .valueStream()
                .map(violation -> violation.path("invariant").asString())
                .toList();
    }
}
