package dev.orderflow.asdeployed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.localcloud.iam.PolicyGrant;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestClassOrder;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;

/// Every path of the system, with only the permissions that the stacks grant. The last tests fail
/// if a call was denied, or if no journey used a permission.
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
class AuthorizationTest {

    private static final List<String> EXPECTED_DENIALS =
            List.of(
                    AuthorizationJourneys.UNREADABLE,
                    AuthorizationJourneys.OTHER_ARCHIVE,
                    AuthorizationJourneys.READING_THE_KEY);

    @AfterAll
    static void end() {
        AuthorizationJourneys.system.close();
    }

    /// First, because one of its alarms is checked by the last tests.
    @Nested
    @Order(1)
    class WorkflowPermissions extends WorkflowJourneys {}

    @Nested
    @Order(2)
    class OrderPermissions extends OrderJourneys {}

    @Nested
    @Order(3)
    class DeadLetterPermissions extends DeadLetterJourneys {}

    @Nested
    @Order(4)
    class OperatorPermissions extends OperatorJourneys {}

    /// Late, because keys are replaced and personal data are erased.
    @Nested
    @Order(5)
    class KeyPermissions extends KeyJourneys {}

    /// After all journeys.
    @Nested
    @Order(6)
    class EveryPermission extends AuthorizationJourneys {

        /// A rule counts the events of the connection; its alarm is evaluated once a minute.
        @Test
        void theDeauthorizedConnectionHasRaisedAnAlarm() {
            try (var cloudWatch = administrator(CloudWatchClient.builder())) {
                api.awaitTrue(
                        "the alarm went off",
                        () ->
                                cloudWatch
                                        .describeAlarmHistory(
                                                it -> it.alarmName("workflow-connection"))
                                        .alarmHistoryItems()
                                        .stream()
                                        .anyMatch(it -> it.historySummary().endsWith("to ALARM")));
            }
        }

        @Test
        void nothingWasDenied() {
            assertThat(system.accessControl().denials())
                    .filteredOn(denial -> EXPECTED_DENIALS.stream().noneMatch(denial::contains))
                    .isEmpty();
        }

        /// A permission that no journey uses is either superfluous or untested. Those that must
        /// remain are listed with a reason, which must be true.
        @Test
        void everyPermissionIsUsedOrListedWithAReason() {
            int all = system.accessControl().grants().size();
            assertThat(all).isGreaterThan(280);
            // Schedules use some of them, for meters once a minute.
            await().atMost(Duration.ofMinutes(5))
                    .untilAsserted(
                            () ->
                                    assertThat(UnusedPermissions.withoutReason(unused()))
                                            .as("unused permissions without a reason")
                                            .isEmpty());
            var used = system.accessControl().usedGrants();
            var unused = unused();
            System.out.printf(
                    "%d permissions: %d were used, %d are listed with a reason%n",
                    all, all - unused.size(), unused.size());
            assertThat(UnusedPermissions.untrueReasons(used, unused))
                    .as("reasons for permissions that were used or do not exist")
                    .isEmpty();
        }

        private static TreeSet<PolicyGrant> unused() {
            var unused = new TreeSet<>(system.accessControl().grants());
            unused.removeAll(system.accessControl().usedGrants());
            return unused;
        }
    }
}
