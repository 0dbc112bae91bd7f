package dev.orderflow.localcloud.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.localcloud.ports.EventBusPort;
import dev.orderflow.localcloud.wire.AwsErrorException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Rules and suppression (CloudWatch user guide, "Suppressing composite alarm actions").
class CompositeAlarmTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String TOPIC = "arn:aws:sns:us-east-1:000000000000:pages";

    private final AlarmRepository alarms = new AlarmRepository();
    private final List<JsonNode> messages = new ArrayList<>();
    private final List<JsonNode> events = new ArrayList<>();
    private final AlarmHistory history = new AlarmHistory();
    private final AlarmStateChangePublisher publisher =
            new AlarmStateChangePublisher(
                    () ->
                            (_, _, message, _) -> {
                                messages.add(JSON.readTree(message));
                                return "message";
                            },
                    AlarmEventBusPort::new,
                    history);
    private final CompositeAlarmEvaluator evaluator =
            new CompositeAlarmEvaluator(alarms, publisher);
    private Instant now = Instant.parse("2026-01-01T12:00:00Z");

    private final class AlarmEventBusPort implements EventBusPort {
        @Override
        public ObjectNode putEvents(ArrayNode entries) {
            return JSON.createObjectNode();
        }

        @Override
        public void publishServiceEvent(
                String source, String detailType, List<String> resources, ObjectNode detail) {
            events.add(detail);
        }
    }

    @BeforeEach
    void createChildren() {
        for (var name : List.of("a", "b", "with space", "database")) {
            var definition =
                    MetricAlarmDefinitionReader.read(
                            read(
                                    "{'Namespace':'N','MetricName':'m','Statistic':'Sum','Period':60,'EvaluationPeriods':1,'Threshold':1,'ComparisonOperator':'GreaterThanThreshold'}"),
                            name,
                            "us-east-1");
            alarms.put(
                    new MetricAlarm(definition, new AlarmStatus(AlarmState.OK, "", "", now), now));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '^',
            value = {
                "ALARM(a); ALARM",
                "ALARM(\"a\"); ALARM",
                "ALARM(arn:aws:cloudwatch:us-east-1:000000000000:alarm:a); ALARM",
                "OK(a); OK",
                "OK(\"with space\"); ALARM",
                "INSUFFICIENT_DATA(a); OK",
                "ALARM(b) OR ALARM(a) AND OK(b); ALARM",
                "ALARM(a) OR ALARM(b) AND ALARM(b); ALARM",
                "(ALARM(a) OR ALARM(b)) AND ALARM(b); OK",
                "NOT ALARM(b); ALARM",
                "NOT (ALARM(a) OR FALSE); OK",
                "NOT NOT TRUE; ALARM",
                "TRUE AND NOT FALSE; ALARM",
                "  ( ( ALARM ( a ) ) )  ; ALARM"
            })
    void aRuleCombinesTheStatesOfOtherAlarms(String rule, AlarmState expected) {
        change("a", AlarmState.ALARM);
        put("composite", rule, "");

        evaluator.evaluate(now);

        assertThat(state("composite")).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALARM",
                "ALARM(",
                "ALARM()",
                "ALARM(a",
                "ALARM(a))",
                "ALARM(a) OR",
                "ALARM(a) ALARM(b)",
                "OR ALARM(a)",
                "alarm(a)",
                "ALARM(\"a)",
                "NOT",
                "ALARM(a b)",
                "ALARM(a) XOR ALARM(b)",
                "AT_LEAST(1, ALARM, (a, b))"
            })
    void aTextThatIsNoRuleIsRejected(String text) {
        assertThatThrownBy(() -> AlarmRule.parse(text)).isInstanceOf(AwsErrorException.class);
    }

    @Test
    void aRuleHasAtMostAHundredChildrenAndIsNotNestedWithoutLimit() {
        var names = new ArrayList<String>();
        for (int i = 0; i <= 100; i++) {
            names.add("ALARM(a" + i + ")");
        }
        assertThatThrownBy(() -> AlarmRule.parse(String.join(" OR ", names)))
                .hasMessageContaining("more than 100 alarms");
        assertThat(AlarmRule.parse(String.join(" OR ", names.subList(0, 100))).children())
                .hasSize(100);
        assertThatThrownBy(() -> AlarmRule.parse("(".repeat(200) + "TRUE" + ")".repeat(200)))
                .hasMessageContaining("nested");
        assertThatThrownBy(() -> AlarmRule.parse("TRUE AND ".repeat(2_000) + "TRUE"))
                .hasMessageContaining("elements");
    }

    @Test
    void severalChildrenCauseOneNotificationAndOneWhenAllAreOk() {
        put("page", "ALARM(a) OR ALARM(b)", "");
        evaluator.evaluate(now);
        messages.clear();

        change("a", AlarmState.ALARM);
        evaluator.evaluate(now);
        change("b", AlarmState.ALARM);
        evaluator.evaluate(now);
        change("a", AlarmState.OK);
        evaluator.evaluate(now);

        assertThat(messages)
                .singleElement()
                .satisfies(
                        message -> {
                            assertThat(message.path("AlarmName").asString()).isEqualTo("page");
                            assertThat(message.path("NewStateValue").asString()).isEqualTo("ALARM");
                            assertThat(message.path("AlarmRule").asString())
                                    .isEqualTo("ALARM(a) OR ALARM(b)");
                            assertThat(message.at("/TriggeringChildren/0/Arn").asString())
                                    .endsWith(":alarm:a");
                        });
        change("b", AlarmState.OK);
        evaluator.evaluate(now);
        assertThat(messages.getLast().path("NewStateValue").asString()).isEqualTo("OK");
        assertThat(messages).hasSize(2);
    }

    @Test
    void aCompositeAlarmCanDependOnAnother() {
        put("inner", "ALARM(a)", "");
        put("alphabetically first", "ALARM(inner)", "");
        change("a", AlarmState.ALARM);

        evaluator.evaluate(now);

        assertThat(state("alphabetically first")).isEqualTo(AlarmState.ALARM);
    }

    @Test
    void actionsAreSuppressedWhileTheSuppressorIsInAlarmAndPerformedAfterTheExtensionPeriod() {
        putSuppressed();
        change("database", AlarmState.ALARM);
        change("a", AlarmState.ALARM);

        evaluateAfter(0);
        assertThat(state("page")).isEqualTo(AlarmState.ALARM);
        assertThat(suppressedBy()).isEqualTo("Alarm");
        change("database", AlarmState.OK);
        evaluateAfter(10);
        assertThat(suppressedBy()).isEqualTo("ExtensionPeriod");
        evaluateAfter(299);
        assertThat(messages).isEmpty();
        evaluateAfter(1);

        assertThat(messages).hasSize(1);
        assertThat(suppressedBy()).isEmpty();
        evaluateAfter(600);
        assertThat(messages).hasSize(1);
    }

    @Test
    void actionsWaitForTheSuppressorDuringTheWaitPeriod() {
        putSuppressed();
        change("a", AlarmState.ALARM);

        evaluateAfter(0);
        assertThat(suppressedBy()).isEqualTo("WaitPeriod");
        evaluateAfter(119);
        assertThat(messages).isEmpty();
        change("database", AlarmState.ALARM);
        evaluateAfter(1);
        assertThat(suppressedBy()).isEqualTo("Alarm");
        evaluateAfter(3_600);
        assertThat(messages).isEmpty();
    }

    @Test
    void actionsArePerformedAtTheEndOfTheWaitPeriodIfTheSuppressorStaysOk() {
        putSuppressed();
        change("a", AlarmState.ALARM);

        evaluateAfter(0);
        evaluateAfter(120);

        assertThat(messages).hasSize(1);
    }

    @Test
    void anAlarmThatEndsWhileItsActionsAreSuppressedSendsNoNotification() {
        putSuppressed();
        change("database", AlarmState.ALARM);
        change("a", AlarmState.ALARM);
        evaluateAfter(0);
        change("a", AlarmState.OK);
        evaluateAfter(60);
        change("database", AlarmState.OK);
        evaluateAfter(60);
        evaluateAfter(3_600);

        assertThat(messages).isEmpty();
    }

    @Test
    void aLaterIncidentWaitsAgain() {
        putSuppressed();
        change("database", AlarmState.ALARM);
        evaluateAfter(0);
        change("database", AlarmState.OK);
        evaluateAfter(10);
        evaluateAfter(3_600);

        change("a", AlarmState.ALARM);
        evaluateAfter(0);

        assertThat(suppressedBy()).isEqualTo("WaitPeriod");
    }

    @Test
    void aChangeIsAnEventAndInTheHistoryEvenIfActionsAreSuppressed() {
        putSuppressed();
        change("database", AlarmState.ALARM);
        change("a", AlarmState.ALARM);
        events.clear();

        evaluateAfter(0);

        assertThat(events)
                .singleElement()
                .satisfies(
                        event ->
                                assertThat(event.at("/configuration/alarmRule").asString())
                                        .isEqualTo("ALARM(a)"));
        assertThat(
                        history.describe(read("{'AlarmTypes':['CompositeAlarm']}"))
                                .at("/AlarmHistoryItems/0/HistorySummary")
                                .asString())
                .isEqualTo("Alarm updated from OK to ALARM");
        assertThat(history.describe(read("{}")).path("AlarmHistoryItems")).isEmpty();
    }

    private void putSuppressed() {
        put(
                "page",
                "ALARM(a)",
                ",'ActionsSuppressor':'database','ActionsSuppressorWaitPeriod':120,'ActionsSuppressorExtensionPeriod':300");
        evaluator.evaluate(now);
        messages.clear();
    }

    private void put(String name, String rule, String more) {
        var input =
                read("{'AlarmActions':['%s'],'OKActions':['%s']%s}".formatted(TOPIC, TOPIC, more));
        input.put("AlarmRule", rule);
        alarms.put(CompositeAlarm.create(CompositeAlarm.read(input, name, "us-east-1"), now));
    }

    private void change(String name, AlarmState state) {
        alarms.update(name, alarm -> alarm.withStatus(new AlarmStatus(state, "", "", now)));
    }

    private void evaluateAfter(int seconds) {
        now = now.plusSeconds(seconds);
        evaluator.evaluate(now);
    }

    private AlarmState state(String name) {
        return alarms.findAll().stream()
                .filter(alarm -> alarm.name().equals(name))
                .findFirst()
                .orElseThrow()
                .status()
                .state();
    }

    private String suppressedBy() {
        var description = JSON.createObjectNode();
        alarms.findAll(CompositeAlarm.class).getFirst().describe(description);
        return description.path("ActionsSuppressedBy").asString("");
    }

    private static ObjectNode read(String json) {
        return (ObjectNode) JSON.readTree(json.replace('\'', '"'));
    }
}
