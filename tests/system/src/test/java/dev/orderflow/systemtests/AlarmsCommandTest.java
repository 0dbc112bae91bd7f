package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `./orderflow alarms` against the CloudWatch of local-cloud.
@ResourceLock(RunningSystem.SHARED)
class AlarmsCommandTest {

    private static final String SELF = Long.toString(ProcessHandle.current().pid());

    private final RunningSystem system = RunningSystem.shared();
    private final CloudWatchClient cloudWatch = system.client(CloudWatchClient.builder());
    private AutoCloseable registration = () -> {};

    @BeforeEach
    void signIn() {
        registration = system.register(ProcessHandle.current());
        assertThat(execute(new StringWriter(), "login", "--as", "vera", "--run", SELF)).isZero();
    }

    @AfterEach
    void signOut() throws Exception {
        execute(new StringWriter(), "logout", "--run", SELF);
        registration.close();
        cloudWatch.close();
    }

    @Test
    void aRaisedAlarmIsListedWithItsMeaningAndRunbookUntilItIsOk() {
        var alarm = cloudWatch.describeAlarms().metricAlarms().getLast().alarmName();
        try {
            // CloudWatch evaluates the alarm by itself, too.
            var answer =
                    await().until(
                                    () -> {
                                        setState(alarm, StateValue.ALARM);
                                        return alarms();
                                    },
                                    found -> !find(found, alarm).isMissingNode());
            var raised = find(answer, alarm);
            assertThat(raised.path("state").asString("")).isEqualTo("ALARM");
            assertThat(raised.path("description").asString("")).contains("docs/runbooks/");
        } finally {
            setState(alarm, StateValue.OK);
        }
        await().until(
                        () -> {
                            setState(alarm, StateValue.OK);
                            return alarms();
                        },
                        answer -> find(answer, alarm).isMissingNode());
    }

    @Test
    void allAlarmsAreThoseOfCloudWatch() {
        var out = new StringWriter();
        int code = execute(out, "alarms", "--all", "--json", "--run", SELF);
        var listed = JsonMapper.shared().readTree(out.toString()).path("alarms");
        assertThat(listed.valueStream().map(alarm -> alarm.path("name").asString("")))
                .containsExactlyInAnyOrderElementsOf(
                        cloudWatch.describeAlarmsPaginator().stream()
                                .flatMap(page -> page.metricAlarms().stream())
                                .map(alarm -> alarm.alarmName())
                                .toList());
        boolean isAnyRaised =
                listed.valueStream()
                        .anyMatch(alarm -> alarm.path("state").asString("").equals("ALARM"));
        assertThat(code).isEqualTo(isAnyRaised ? 1 : 0);
    }

    private void setState(String alarm, StateValue state) {
        cloudWatch.setAlarmState(
                set -> set.alarmName(alarm).stateValue(state).stateReason("a test"));
    }

    /// The open alarms. The exit code says whether there are any.
    private JsonNode alarms() {
        var out = new StringWriter();
        int code = execute(out, "alarms", "--json", "--run", SELF);
        var answer = JsonMapper.shared().readTree(out.toString());
        assertThat(code).isEqualTo(answer.path("alarms").isEmpty() ? 0 : 1);
        return answer;
    }

    private static JsonNode find(JsonNode answer, String alarm) {
        return answer.path("alarms")
                .valueStream()
                .filter(each -> each.path("name").asString("").equals(alarm))
                .findFirst()
                .orElse(JsonMapper.shared().missingNode());
    }

    private int execute(StringWriter out, String... arguments) {
        return system.operatorCommands()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(System.err))
                .execute(arguments);
    }
}
