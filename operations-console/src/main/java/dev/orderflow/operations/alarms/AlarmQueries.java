package dev.orderflow.operations.alarms;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsRequest;

/// Reads the alarms from CloudWatch.
@Component
public class AlarmQueries {

    private final CloudWatchClient cloudWatch;

    AlarmQueries(CloudWatchClient operationsCloudWatch) {
        this.cloudWatch = operationsCloudWatch;
    }

    /// An alarm.
    ///
    /// @param state OK, ALARM or INSUFFICIENT_DATA
    /// @param since when it got into this state
    /// @param description what it means, with its runbook
    /// @param reason why it is in this state, as CloudWatch says it
    public record AlarmReport(
            String name, String state, Instant since, String description, String reason) {}

    /// All metric alarms by state; composite alarms only combine them into pages. First those that
    /// are in the state ALARM first, the latest first.
    ///
    /// @param onlyOpen only those that are in the state ALARM
    /// @throws software.amazon.awssdk.core.exception.SdkException when CloudWatch does not respond
    public List<AlarmReport> find(boolean onlyOpen) {
        var request = DescribeAlarmsRequest.builder().alarmTypes(AlarmType.METRIC_ALARM);
        if (onlyOpen) {
            request.stateValue("ALARM");
        }
        var found = new ArrayList<AlarmReport>();
        for (var page : cloudWatch.describeAlarmsPaginator(request.build())) {
            page.metricAlarms()
                    .forEach(
                            alarm ->
                                    found.add(
                                            report(
                                                    alarm.alarmName(),
                                                    alarm.stateValueAsString(),
                                                    alarm.stateUpdatedTimestamp(),
                                                    alarm.alarmDescription(),
                                                    alarm.stateReason())));
        }
        found.sort(
                Comparator.comparing((AlarmReport alarm) -> !alarm.state().equals("ALARM"))
                        .thenComparing(AlarmReport::state)
                        .thenComparing(AlarmReport::since, Comparator.reverseOrder())
                        .thenComparing(AlarmReport::name));
        return found;
    }

    private static AlarmReport report(
            String name,
            @Nullable String state,
            @Nullable Instant since,
            @Nullable String description,
            @Nullable String reason) {
        return new AlarmReport(
                name,
                Objects.requireNonNullElse(state, "INSUFFICIENT_DATA"),
                Objects.requireNonNullElse(since, Instant.EPOCH),
                Objects.requireNonNullElse(description, ""),
                Objects.requireNonNullElse(reason, ""));
    }
}
