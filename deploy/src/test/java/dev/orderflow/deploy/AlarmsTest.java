package dev.orderflow.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class AlarmsTest {

    private static final Pattern RUNBOOK =
            Pattern.compile("Runbook: (docs/runbooks/[a-z-]+\\.md)$");

    private final SynthesizedApp synthesis = SynthesizedApp.get();

    @Test
    void everyAlarmLinksAnExistingRunbook() {
        assertThat(synthesis.resources("AWS::CloudWatch::Alarm"))
                .hasSizeGreaterThan(SynthesizedApp.TOPOLOGY.allAlarms().size())
                .allSatisfy(
                        alarm -> {
                            var runbook = RUNBOOK.matcher(alarm.at("AlarmDescription").asString());
                            assertThat(runbook.find()).isTrue();
                            assertThat(Path.of("..").resolve(runbook.group(1)))
                                    .exists()
                                    .content()
                                    .contains("**How to look.**", "**How to fix.**");
                        });
    }

    /// All other alarms on our own meters are OK without data.
    @Test
    void missingMetersOfAServiceRaiseAnAlarm() {
        for (var service : SynthesizedApp.TOPOLOGY.services()) {
            assertThat(synthesis.resources("AWS::CloudWatch::Alarm"))
                    .filteredOn(
                            alarm ->
                                    alarm.at("AlarmName").asString().equals(service + "-no-meters"))
                    .singleElement()
                    .satisfies(
                            alarm -> {
                                assertThat(alarm.at("TreatMissingData").asString())
                                        .isEqualTo("breaching");
                                assertThat(alarm.at("Namespace").asString())
                                        .isEqualTo(ServiceEnvironment.METRICS_NAMESPACE);
                                assertThat(SynthesizedApp.TOPOLOGY.dashboards().toString())
                                        .as("a metric that a test sees published")
                                        .contains(alarm.at("MetricName").asString());
                            });
        }
        assertThat(synthesis.resources("AWS::CloudWatch::Alarm"))
                .filteredOn(alarm -> alarm.at("AlarmName").asString().equals("no-orders-accepted"))
                .singleElement()
                .satisfies(
                        alarm -> {
                            assertThat(alarm.at("TreatMissingData").asString())
                                    .isEqualTo("breaching");
                            assertThat(
                                            alarm.at("Period").intValue()
                                                    * alarm.at("EvaluationPeriods").intValue())
                                    .isEqualTo(SynthesizedApp.STAGE.hoursWithoutOrders() * 3_600);
                        });
    }

    @Test
    void everyAlarmNotifiesOnAlarmAndOnOk() {
        assertThat(synthesis.resources("AWS::CloudWatch::Alarm"))
                .allSatisfy(
                        alarm -> {
                            assertThat(alarm.at("AlarmActions")).hasSize(1);
                            assertThat(alarm.at("OKActions")).hasSize(1);
                            assertThat(alarm.at("TreatMissingData").asString()).isNotEmpty();
                        });
        assertThat(synthesis.resources("AWS::SNS::Subscription"))
                .singleElement()
                .satisfies(
                        subscription ->
                                assertThat(subscription.at("Endpoint").asString())
                                        .isEqualTo(SynthesizedApp.STAGE.alarmEmail()));
    }

    @Test
    void theBudgetNotifiesBeforeItIsExceeded() {
        assertThat(synthesis.resources("AWS::Budgets::Budget"))
                .singleElement()
                .satisfies(
                        budget -> {
                            assertThat(budget.at("Budget", "BudgetLimit", "Amount").intValue())
                                    .isEqualTo(SynthesizedApp.STAGE.monthlyBudgetDollars());
                            assertThat(budget.at("NotificationsWithSubscribers")).hasSize(2);
                        });
    }

    @Test
    void everyTaggableResourceHasAnOwnerTag() {
        assertThat(synthesis.resources())
                .filteredOn(resource -> resource.at("Tags").isArray())
                .hasSizeGreaterThan(100)
                .allSatisfy(
                        resource ->
                                assertThat(
                                                resource.at("Tags")
                                                        .valueStream()
                                                        .map(tag -> tag.path("Key").asString()))
                                        .contains("project", "stage"));
    }
}
