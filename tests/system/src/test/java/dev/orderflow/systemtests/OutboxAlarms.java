package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Alarms of the outbox and of its work items.
@ResourceLock(RunningSystem.HURRIED)
abstract class OutboxAlarms extends AlarmScenarios {

    @Test
    void rejectedEventsAndAMissingBusRaiseTheirAlarms() {
        var refusal =
                """
                {"FailedEntryCount":1,"Entries":[{"ErrorCode":"AccessDeniedException","ErrorMessage":"no"}]}\
                """;
        String order;
        try (var _ =
                RunningSystem.cloudInterceptor()
                        .refuse(200, refusal, PUT_EVENTS, shop.customer())) {
            order = shop.order(shop.stocked("20.00", 5), 1, ShopClient.VISA);
            lasting("outbox-blocked").look();
        }
        shop.awaitState(order, "SHIPPED");
        returns("outbox-blocked");

        var missing = "{\"__type\":\"ResourceNotFoundException\",\"message\":\"no such bus\"}";
        String waiting;
        try (var _ =
                RunningSystem.cloudInterceptor()
                        .refuse(400, missing, "AWSEvents.DescribeEventBus")) {
            lasting("outbox-target-missing").look();
            waiting = shop.order(shop.stocked("20.00", 5), 1, ShopClient.VISA);
        }
        shop.awaitState(waiting, "SHIPPED");
        returns("outbox-target-missing");
    }

    @Test
    void parkedAndLateEventsRaiseTheirAlarms() {
        var runbook = lasting("outbox-parked").with("order", parked.getFirst());
        assertThat(runbook.look()).contains(parked);
        lasting("work-items-open").run("./orderflow work-items list");
        try (var _ =
                RunningSystem.cloudInterceptor().refuse(503, "{}", PUT_EVENTS, shop.customer())) {
            runbook.run("./orderflow outbox release --order");
            lasting("outbox-oldest-age");
        }
        runbook.run("./orderflow outbox release --reason");
        parked.forEach(order -> shop.awaitState(order, "SHIPPED"));
        returns("outbox-parked", "work-items-open", "outbox-oldest-age");
    }

    @Test
    void aLongTransactionRaisesItsAlarm() {
        var runbook = lasting("outbox-oldest-transaction-age");
        var idle =
                runbook.query("SELECT pid, usename").stream()
                        .filter(session -> session.get("state").equals("idle in transaction"))
                        .toList();
        // The oldest comes first; services have such sessions for moments.
        assertThat(idle).isNotEmpty();
        runbook.with("pid", idle.getFirst().get("pid")).query("SELECT pg_terminate_backend");
        returns("outbox-oldest-transaction-age");
    }
}
