package dev.orderflow.localcloud.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.localcloud.time.CloudClock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Alarms of a cloud whose evaluation comes late, as on a busy machine.
class LateEvaluationTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final MetricId FAILURES = new MetricId("Shop", "failures", Map.of());

    private final MetricStore metrics = new MetricStore();
    private final List<String> notified = new ArrayList<>();
    private final AlarmService alarms =
            new AlarmService(
                    new CloudClock(1),
                    metrics,
                    () ->
                            (_, _, message, _) -> {
                                var change = JSON.readTree(message);
                                notified.add(
                                        change.path("AlarmName").asString()
                                                + " "
                                                + change.path("NewStateValue").asString());
                                return "message";
                            },
                    IgnoringEventBusPort::new);
    private final Instant begin = Instant.now().truncatedTo(ChronoUnit.MINUTES).plusSeconds(60);

    @Test
    void anAlarmOfOneMinuteIsRaisedAlthoughTheNextEvaluationComesManyMinutesLater() {
        alarm("failures");
        alarms.putComposite(
                read(
                        "{'AlarmName':'page','AlarmRule':'ALARM(\\'failures\\')','AlarmActions':['arn:aws:sns:us-east-1:000000000000:pages']}"
                                .replace("\\'", "\\\"")),
                "us-east-1");
        alarms.evaluate(begin);
        assertThat(notified).containsExactly("failures OK");
        notified.clear();

        metrics.add(FAILURES, begin.plusSeconds(30), sample -> sample.add(1, 1));
        alarms.evaluate(begin.plus(20, ChronoUnit.MINUTES));

        assertThat(notified).containsExactly("failures ALARM", "page ALARM", "failures OK");
    }

    @Test
    void anAlarmIsNotEvaluatedForTheTimeBeforeItsStateWasSet() {
        alarm("failures");
        alarms.evaluate(begin);
        metrics.add(FAILURES, begin.plusSeconds(30), sample -> sample.add(1, 1));
        alarms.evaluate(begin.plusSeconds(70));
        notified.clear();

        // In the minute that has raised it.
        alarms.evaluate(begin.plusSeconds(80));
        assertThat(notified).isEmpty();

        alarms.evaluate(begin.plus(5, ChronoUnit.MINUTES));
        assertThat(notified).containsExactly("failures OK");
    }

    private void alarm(String name) {
        alarms.put(
                read(
                        "{'AlarmName':'%s','Namespace':'Shop','MetricName':'failures','Statistic':'Sum','Period':60,'EvaluationPeriods':1,'Threshold':0,'ComparisonOperator':'GreaterThanThreshold','TreatMissingData':'notBreaching','AlarmActions':['arn:aws:sns:us-east-1:000000000000:pages'],'OKActions':['arn:aws:sns:us-east-1:000000000000:pages']}"
                                .formatted(name)),
                "us-east-1");
    }

    private static ObjectNode read(String json) {
        return (ObjectNode) JSON.readTree(json.replace('\'', '"'));
    }
}
