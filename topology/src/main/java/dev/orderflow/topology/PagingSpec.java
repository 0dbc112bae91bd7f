package dev.orderflow.topology;

import dev.orderflow.topology.Topology.AlarmSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How alarms reach operators.
///
/// A metric alarm of severity `TICKET` notifies the topic of tickets itself. Those of severity
/// `PAGE`, the paging alarms, are grouped by their runbook: each group has one composite alarm,
/// which notifies its topic once, however many of its alarms go off. During an outage of the
/// database only the group of the database notifies; the other groups are suppressed.
///
/// @param pagesTopic the topic for alarms of severity `PAGE`
/// @param ticketsTopic the topic for alarms of severity `TICKET`
/// @param outage the composite alarm that suppresses the paging alarms about its consequences
/// @param consolePages the page of operations-console for a runbook; `/` for any other
public record PagingSpec(
        String pagesTopic,
        String ticketsTopic,
        OutageSpec outage,
        Map<String, String> consolePages) {

    /// The placeholder of the URL of operations-console.
    public static final String CONSOLE_URL = "${OperationsConsoleUrl}";

    public PagingSpec {
        consolePages = Map.copyOf(consolePages);
    }

    /// An outage that all other pages follow from.
    ///
    /// @param name of its composite alarm
    /// @param alarm the suffix of the service alarm that detects it for one service
    /// @param services services that all must detect it; only those that always run
    /// @param meaning what it means
    /// @param runbook the runbook of the group that is not suppressed
    /// @param waitPeriodSeconds how long a page waits for this alarm; a page is late by as much
    /// @param extensionPeriodSeconds how long pages are still suppressed afterwards
    public record OutageSpec(
            String name,
            String alarm,
            List<String> services,
            String meaning,
            String runbook,
            int waitPeriodSeconds,
            int extensionPeriodSeconds) {

        public OutageSpec {
            services = List.copyOf(services);
        }
    }

    /// A composite alarm of CloudWatch.
    ///
    /// @param name unique among all alarms
    /// @param rule which states of other alarms bring it into the state ALARM, in the language of
    ///     CloudWatch
    /// @param description its meaning, with the page of operations-console and the runbook
    /// @param topic notified of its changes, null if it notifies nothing
    /// @param suppressor the alarm that suppresses its notifications, null if none does
    /// @param waitPeriodSeconds 0 without suppressor
    /// @param extensionPeriodSeconds 0 without suppressor
    public record CompositeAlarmSpec(
            String name,
            String rule,
            String description,
            @Nullable String topic,
            @Nullable String suppressor,
            int waitPeriodSeconds,
            int extensionPeriodSeconds) {}

    /// The topic that a metric alarm notifies itself, null if its group does.
    public @Nullable String topicOf(AlarmSpec alarm) {
        return switch (alarm.severity()) {
            case PAGE -> null;
            case TICKET -> ticketsTopic;
        };
    }

    /// The name of the composite alarm that pages for a runbook.
    public static String groupOf(String runbook) {
        return "page-" + subject(runbook);
    }

    private static String subject(String runbook) {
        return runbook.replace(".md", "");
    }

    /// The composite alarms, in an order in which each depends only on earlier ones.
    ///
    /// @param alarms all metric alarms
    public List<CompositeAlarmSpec> compositeAlarms(List<AlarmSpec> alarms) {
        var composites = new ArrayList<CompositeAlarmSpec>();
        composites.add(
                new CompositeAlarmSpec(
                        outage.name(),
                        outage.services().stream()
                                .map(service -> inAlarm(service + "-" + outage.alarm()))
                                .collect(Collectors.joining(" AND ")),
                        description(outage.meaning(), outage.runbook()),
                        null,
                        null,
                        0,
                        0));
        var groups = new TreeMap<String, List<AlarmSpec>>();
        for (var alarm : alarms) {
            if (alarm.severity() == AlarmSeverity.PAGE) {
                groups.computeIfAbsent(alarm.runbook(), _ -> new ArrayList<>()).add(alarm);
            }
        }
        groups.forEach((runbook, members) -> composites.add(group(runbook, members)));
        return List.copyOf(composites);
    }

    private CompositeAlarmSpec group(String runbook, List<AlarmSpec> members) {
        boolean suppressed = !runbook.equals(outage.runbook());
        if (suppressed) {
            members.forEach(this::requireLongerThanTheWait);
        }
        return new CompositeAlarmSpec(
                groupOf(runbook),
                members.stream()
                        .map(alarm -> inAlarm(alarm.name()))
                        .sorted()
                        .collect(Collectors.joining(" OR ")),
                description(
                        "group %s: one or more of its %d alarms went off"
                                .formatted(subject(runbook), members.size()),
                        runbook),
                pagesTopic,
                suppressed ? outage.name() : null,
                suppressed ? outage.waitPeriodSeconds() : 0,
                suppressed ? outage.extensionPeriodSeconds() : 0);
    }

    /// A single datapoint raises an alarm for as long as it is among the evaluation periods. If
    /// that were shorter than the wait period, the alarm would be over before its page is sent.
    private void requireLongerThanTheWait(AlarmSpec alarm) {
        if (alarm.datapointsToAlarm() == 1
                && alarm.evaluationPeriods() * alarm.periodSeconds()
                        <= outage.waitPeriodSeconds() + alarm.periodSeconds()) {
            throw new IllegalArgumentException(
                    "alarm %s of severity PAGE must evaluate more than %d seconds, or it ends before its page is sent"
                            .formatted(
                                    alarm.name(),
                                    outage.waitPeriodSeconds() + alarm.periodSeconds()));
        }
    }

    private static String inAlarm(String name) {
        return "ALARM(\"%s\")".formatted(name);
    }

    /// The page of operations-console that the runbook leads to.
    String consolePage(String runbook) {
        return consolePages.getOrDefault(runbook, "/");
    }

    String description(String meaning, String runbook) {
        return "%s. Console: %s%s Runbook: docs/runbooks/%s"
                .formatted(meaning, CONSOLE_URL, consolePage(runbook), runbook);
    }
}
