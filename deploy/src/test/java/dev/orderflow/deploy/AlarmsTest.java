package dev.orderflow.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.topology.Topology;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AlarmsTest {

    private static final Pattern RUNBOOK =
            Pattern.compile("Runbook: (docs/runbooks/[a-z-]+\\.md)$");

    private static final Pattern ALARM_IN_RULE = Pattern.compile("ALARM\\(");

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
                                        .isEqualTo(Topology.METRICS_NAMESPACE);
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

    /// By its own actions, or by those of the composite alarm of its group.
    @Test
    void everyAlarmNotifiesOnAlarmAndOnOk() {
        var paged =
                composites().stream()
                        .filter(composite -> !composite.at("AlarmActions").isEmpty())
                        .map(composite -> composite.at("AlarmRule").asString())
                        .collect(Collectors.joining("\n"));
        assertThat(synthesis.resources("AWS::CloudWatch::Alarm"))
                .allSatisfy(
                        alarm -> {
                            if (alarm.at("AlarmActions").isEmpty()) {
                                assertThat(paged)
                                        .contains(
                                                "ALARM(\"%s\")"
                                                        .formatted(
                                                                alarm.at("AlarmName").asString()));
                            } else {
                                assertThat(alarm.at("AlarmActions")).hasSize(1);
                            }
                            assertThat(alarm.at("OKActions")).isEqualTo(alarm.at("AlarmActions"));
                            assertThat(alarm.at("TreatMissingData").asString()).isNotEmpty();
                        });
        assertThat(synthesis.resources("AWS::SNS::Subscription"))
                .extracting(subscription -> subscription.at("Endpoint").asString())
                .containsExactlyInAnyOrder(
                        SynthesizedApp.STAGE.pageEmail(), SynthesizedApp.STAGE.ticketEmail());
    }

    @Test
    void onlyTheOutageOfTheDatabaseSuppressesPagesAndNotItsOwn() {
        var outage = SynthesizedApp.TOPOLOGY.paging().outage().name();
        assertThat(composites())
                .hasSizeGreaterThan(10)
                .allSatisfy(
                        composite -> {
                            boolean suppressed =
                                    !List.of(outage, "page-database")
                                            .contains(composite.at("AlarmName").asString());
                            assertThat(composite.at("ActionsSuppressor").asString(""))
                                    .isEqualTo(suppressed ? outage : "");
                            assertThat(composite.at("AlarmRule").asString().length())
                                    .isLessThan(10_240);
                        });
    }

    /// CloudFormation creates an alarm only after those that its rule and its suppressor name.
    @Test
    void aCompositeAlarmIsCreatedAfterTheAlarmsItNames() {
        for (var composite : composites()) {
            long named =
                    ALARM_IN_RULE.matcher(composite.at("AlarmRule").asString()).results().count()
                            + (composite.at("ActionsSuppressor").isString() ? 1 : 0);
            assertThat(composite.dependencies()).hasSize((int) named);
        }
    }

    private List<SynthesizedApp.TemplateResource> composites() {
        return synthesis.resources("AWS::CloudWatch::CompositeAlarm");
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
