package dev.orderflow.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.deploy.SynthesizedApp.TemplateResource;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class DeadLettersTest {

    private final SynthesizedApp synthesis = SynthesizedApp.get();

    @Test
    void everyQueueHasADeadLetterQueueOrIsOne() {
        var dead = new HashSet<String>();
        for (var queue : synthesis.resources("AWS::SQS::Queue")) {
            dead.add(target(queue.at("RedrivePolicy", "deadLetterTargetArn")));
        }
        synthesis
                .resources("AWS::Events::Rule")
                .forEach(
                        rule ->
                                rule.at("Targets")
                                        .forEach(
                                                to ->
                                                        dead.add(
                                                                target(
                                                                        to.path("DeadLetterConfig")
                                                                                .path("Arn")))));
        assertThat(synthesis.resources("AWS::SQS::Queue"))
                .isNotEmpty()
                .allSatisfy(
                        queue ->
                                assertThat(
                                                queue.at("RedrivePolicy").isObject()
                                                        ^ dead.contains(queue.id()))
                                        .isTrue());
    }

    /// The logical id that `Fn::GetAtt` names.
    private static String target(JsonNode arn) {
        return arn.path("Fn::GetAtt").path(0).asString();
    }

    @Test
    void aDeadLetterQueueAcceptsMessagesOfItsOwnQueueOnly() {
        for (var queue : SynthesizedApp.TOPOLOGY.queues()) {
            var allowed = named(queue.deadLetter().queue()).at("RedriveAllowPolicy");
            assertThat(allowed.path("redrivePermission").asString()).isEqualTo("byQueue");
            assertThat(allowed.path("sourceQueueArns").valueStream().map(arn -> arn.asString()))
                    .containsExactly("arn:aws:sqs:us-east-1:111122223333:" + queue.name());
        }
    }

    @Test
    void aQueueRetainsMessagesForAWeekAndADeadLetterQueueForTheMaximum() {
        assertThat(synthesis.resources("AWS::SQS::Queue"))
                .isNotEmpty()
                .allSatisfy(
                        queue ->
                                assertThat(queue.at("MessageRetentionPeriod").intValue())
                                        .as(queue.at("QueueName").asString())
                                        .isEqualTo(
                                                (queue.at("RedrivePolicy").isObject() ? 7 : 14)
                                                        * 24
                                                        * 60
                                                        * 60));
    }

    @Test
    void everyQueueHasAnAlarm() {
        var watched =
                synthesis.resources("AWS::CloudWatch::Alarm").stream()
                        .flatMap(
                                alarm ->
                                        Stream.concat(
                                                Stream.of(alarm.at("Dimensions")),
                                                alarm.at("Metrics")
                                                        .valueStream()
                                                        .map(DeadLettersTest::dimensionsOf)))
                        .flatMap(JsonNode::valueStream)
                        .filter(dimension -> dimension.path("Name").asString().equals("QueueName"))
                        .map(dimension -> dimension.path("Value").asString())
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(watched).isEqualTo(names());
    }

    /// One metric of the sum of an alarm.
    private static JsonNode dimensionsOf(JsonNode query) {
        return query.path("MetricStat").path("Metric").path("Dimensions");
    }

    @Test
    void everyRuleRetriesForADayAndHasADeadLetterQueueWithAnAlarm() {
        assertThat(synthesis.resources("AWS::Events::Rule"))
                .hasSameSizeAs(SynthesizedApp.TOPOLOGY.rules())
                .allSatisfy(
                        rule ->
                                assertThat(rule.at("Targets").valueStream())
                                        .isNotEmpty()
                                        .allSatisfy(
                                                to -> {
                                                    assertThat(
                                                                    to.path("RetryPolicy")
                                                                            .path(
                                                                                    "MaximumEventAgeInSeconds")
                                                                            .intValue())
                                                            .isEqualTo(86_400);
                                                    assertThat(
                                                                    target(
                                                                            to.path(
                                                                                            "DeadLetterConfig")
                                                                                    .path("Arn")))
                                                            .isEqualTo(
                                                                    named("undelivered-events")
                                                                            .id());
                                                }));
    }

    private Set<String> names() {
        return synthesis.resources("AWS::SQS::Queue").stream()
                .map(queue -> queue.at("QueueName").asString())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private TemplateResource named(String queue) {
        return synthesis.resources("AWS::SQS::Queue").stream()
                .filter(candidate -> candidate.at("QueueName").asString().equals(queue))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no queue " + queue));
    }
}
