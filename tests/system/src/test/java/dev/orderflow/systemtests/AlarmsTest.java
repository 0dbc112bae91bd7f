package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.ClassOrderer.OrderAnnotation;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestClassOrder;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;

/// Each test injects a fault, checks that its alarm is raised and notified, follows the runbook of
/// the alarm and checks that the alarm returns to OK. The last tests fail if an alarm has no test
/// or if a command of a runbook was not executed.
@TestClassOrder(OrderAnnotation.class)
@ResourceLock(RunningSystem.HURRIED)
class AlarmsTest {

    @BeforeAll
    static void prepare() throws SQLException {
        AlarmScenarios.prepare();
    }

    @AfterAll
    static void end() throws SQLException {
        AlarmScenarios.end();
    }

    @Nested
    @Order(1)
    class OfQueues extends QueueAlarms {}

    @Nested
    @Order(2)
    class OfWorkflows extends WorkflowAlarms {}

    @Nested
    @Order(3)
    class OfOrders extends OrderAlarms {}

    @Nested
    @Order(4)
    class OfPayments extends PaymentAlarms {}

    /// Late, because an event must have been parked for a minute.
    @Nested
    @Order(5)
    class OfTheOutbox extends OutboxAlarms {}

    /// An outage of the database ends all sessions, also the long transaction of another test.
    @Nested
    @Order(6)
    class OfTheDatabase extends DatabaseAlarms {}

    @Nested
    @Order(7)
    class Completeness {

        @Test
        void everyAlarmIsTested() {
            assertThat(AlarmScenarios.proven())
                    .containsExactlyInAnyOrderElementsOf(
                            AlarmScenarios.alarms.all().stream()
                                    .map(MetricAlarm::alarmName)
                                    .toList());
            System.out.printf("%d alarms went off and returned%n", AlarmScenarios.proven().size());
        }

        @Test
        void everyCommandOfTheRunbooksIsExecuted() {
            var names = AlarmScenarios.alarms.runbooks();
            assertThat(names).hasSizeGreaterThan(10);
            assertThat(AlarmScenarios.runbooks.unexecuted(names)).isEmpty();
        }

        @Test
        void everyMetricOfAnAlarmIsPublished() {
            var watched =
                    AlarmScenarios.alarms.all().stream()
                            .flatMap(alarm -> Alarms.metricsOf(alarm).stream())
                            .filter(
                                    metric ->
                                            Set.of("Orderflow", "AWS/SQS")
                                                    .contains(metric.namespace()))
                            .map(Alarms::name)
                            .collect(Collectors.toCollection(TreeSet::new));
            assertThat(watched).hasSizeGreaterThan(30);
            await().untilAsserted(
                            () ->
                                    assertThat(AlarmScenarios.alarms.published())
                                            .containsAll(watched));
        }
    }
}
