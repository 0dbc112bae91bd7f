package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/// Alarms of the database.
@ResourceLock(RunningSystem.HURRIED)
abstract class DatabaseAlarms extends AlarmScenarios {

    /// Every database rejects writes. Messages wait in the queues meanwhile, but their page is
    /// suppressed: it only follows from the outage.
    @Test
    void anOutageOfTheDatabaseIsOnePage() {
        var unavailable =
                alarms.all().stream()
                        .map(MetricAlarm::alarmName)
                        .filter(name -> name.endsWith("-database-unavailable"))
                        .toList();
        assertThat(unavailable).hasSizeGreaterThan(5);
        int backlogPages = onCall.pages("page-queue-backlog");
        system.rejectWrites(true);
        try {
            raised(unavailable.stream()).look();
            alarms.awaitComposite("database-outage", StateValue.ALARM);
            try (var _ =
                    RunningSystem.cloudInterceptor()
                            .closeConnectionsOf("AmazonSQS.ReceiveMessage")) {
                queues.send("analytics", "nonsense");
                onCall.awaitRaised("analytics-backlog");
                await().untilAsserted(
                                () ->
                                        assertThat(
                                                        alarms.composite("page-queue-backlog")
                                                                .actionsSuppressedByAsString())
                                                .isEqualTo("Alarm"));
                assertThat(onCall.pages("page-queue-backlog")).isEqualTo(backlogPages);
            }
        } finally {
            system.rejectWrites(false);
        }
        returns(unavailable.stream());
        alarms.awaitComposite("database-outage", StateValue.OK);
        shop.awaitState(shop.order(shop.stocked("20.00", 5), 1, ShopClient.VISA), "SHIPPED");
    }
}
