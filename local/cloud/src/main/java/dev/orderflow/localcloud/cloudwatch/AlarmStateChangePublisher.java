package dev.orderflow.localcloud.cloudwatch;

import dev.orderflow.localcloud.ports.Authorizer;
import dev.orderflow.localcloud.ports.EventBusPort;
import dev.orderflow.localcloud.ports.TopicPort;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.HttpGateway;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Publishes the state changes of alarms: to the history, to the topics of the alarm's actions, and
/// to the event bus.
final class AlarmStateChangePublisher {

    private static final Logger log = LoggerFactory.getLogger(AlarmStateChangePublisher.class);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final DateTimeFormatter IN_MESSAGES =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSZ").withZone(ZoneOffset.UTC);

    private final Supplier<TopicPort> topics;
    private final Supplier<EventBusPort> buses;
    private final AlarmHistory history;

    AlarmStateChangePublisher(
            Supplier<TopicPort> topics, Supplier<EventBusPort> buses, AlarmHistory history) {
        this.topics = topics;
        this.buses = buses;
        this.history = history;
    }

    /// Adds a change of state to the history and publishes its event.
    ///
    /// @param alarm the alarm as it is after the change
    void publish(Alarm alarm, AlarmStatus before) {
        var after = alarm.status();
        var data = JSON.createObjectNode().put("version", "1.0");
        data.set("oldState", state(before, "stateValue", "stateReason"));
        data.set("newState", state(after, "stateValue", "stateReason"));
        history.add(
                alarm,
                "StateUpdate",
                after.since(),
                "Alarm updated from %s to %s".formatted(before.state(), after.state()),
                data);
        publishEvent(alarm, before);
    }

    /// Performs the actions of the alarm's state.
    ///
    /// @param old the state before
    /// @param triggeringChildren alarms because of which a composite alarm is in its state
    void act(Alarm alarm, AlarmState old, List<? extends Alarm> triggeringChildren) {
        if (alarm.definition().actionsEnabled()) {
            for (var topic : alarm.definition().actionsFor(alarm.status().state())) {
                notify(topic, alarm, message(alarm, old, triggeringChildren));
            }
        }
    }

    private static ObjectNode state(AlarmStatus status, String value, String reason) {
        return JSON.createObjectNode()
                .put(value, status.state().name())
                .put(reason, status.reason());
    }

    private void publishEvent(Alarm alarm, AlarmStatus before) {
        var after = alarm.status();
        var detail = JSON.createObjectNode().put("alarmName", alarm.name());
        detail.set(
                "state",
                state(after, "value", "reason").put("timestamp", after.since().toString()));
        detail.set(
                "previousState",
                state(before, "value", "reason").put("timestamp", before.since().toString()));
        var configuration =
                detail.putObject("configuration")
                        .put("description", alarm.definition().description());
        switch (alarm) {
            case MetricAlarm metric -> describeMetrics(metric, configuration);
            case CompositeAlarm composite ->
                    configuration.put(
                            "alarmRule",
                            composite.definition().requestMembers().path("AlarmRule").asString());
        }
        buses.get()
                .publishServiceEvent(
                        "aws.cloudwatch",
                        "CloudWatch Alarm State Change",
                        List.of(alarm.definition().arn()),
                        detail);
    }

    private static void describeMetrics(MetricAlarm alarm, ObjectNode configuration) {
        var list = configuration.putArray("metrics");
        for (var query : alarm.definition().queries().all()) {
            var one = list.addObject().put("id", query.id().isEmpty() ? "m1" : query.id());
            if (query.metric() == null) {
                one.put("expression", query.expression());
            } else {
                var stat = one.putObject("metricStat");
                var metric =
                        stat.putObject("metric")
                                .put("namespace", query.metric().namespace())
                                .put("name", query.metric().name());
                new TreeMap<>(query.metric().dimensions())
                        .forEach(metric.putObject("dimensions")::put);
                stat.put("period", query.period()).put("stat", query.statistic());
            }
            one.put("returnData", query.returned());
        }
    }

    private void notify(String topic, Alarm alarm, ObjectNode message) {
        var arn = alarm.definition().arn();
        var outcome = JSON.createObjectNode().put("actionState", "Succeeded");
        var summary = "Successfully executed action " + topic;
        try {
            topics.get()
                    .withCaller(
                            new Authorizer.Principal.ServicePrincipal(
                                    "cloudwatch.amazonaws.com", arn))
                    .publish(
                            topic,
                            "%s: \"%s\"".formatted(alarm.status().state(), alarm.name()),
                            message.toString(),
                            Map.of());
        } catch (AwsErrorException failure) {
            log.warn(
                    "alarm {}: notification of {} failed: {}",
                    alarm.name(),
                    topic,
                    failure.getMessage());
            outcome.put("actionState", "Failed").put("error", failure.getMessage());
            summary =
                    "Failed to execute action %s. Received error: \"%s\""
                            .formatted(topic, failure.getMessage());
        }
        history.add(
                alarm,
                "Action",
                alarm.status().since(),
                summary,
                outcome.put("notificationResource", topic));
    }

    private static ObjectNode message(
            Alarm alarm, AlarmState old, List<? extends Alarm> triggeringChildren) {
        var definition = alarm.definition();
        var status = alarm.status();
        var message =
                JSON.createObjectNode()
                        .put("AlarmName", definition.name())
                        .put("AlarmDescription", definition.description())
                        .put("AWSAccountId", HttpGateway.ACCOUNT)
                        .put(
                                "AlarmConfigurationUpdatedTimestamp",
                                IN_MESSAGES.format(alarm.configured()))
                        .put("NewStateValue", status.state().name())
                        .put("NewStateReason", status.reason())
                        .put("StateChangeTime", IN_MESSAGES.format(status.since()))
                        .put("Region", "US East (N. Virginia)")
                        .put("AlarmArn", definition.arn())
                        .put("OldStateValue", old.name());
        definition.okActions().forEach(message.putArray("OKActions")::add);
        definition.alarmActions().forEach(message.putArray("AlarmActions")::add);
        definition
                .insufficientDataActions()
                .forEach(message.putArray("InsufficientDataActions")::add);
        switch (alarm) {
            case MetricAlarm metric -> message.set("Trigger", trigger(metric));
            case CompositeAlarm composite -> {
                message.put(
                        "AlarmRule",
                        composite.definition().requestMembers().path("AlarmRule").asString());
                var children = message.putArray("TriggeringChildren");
                for (var child : triggeringChildren) {
                    children.addObject()
                            .put("Arn", child.definition().arn())
                            .putObject("State")
                            .put("Value", child.status().state().name())
                            .put("Timestamp", IN_MESSAGES.format(child.status().since()));
                }
            }
        }
        return message;
    }

    private static ObjectNode trigger(MetricAlarm alarm) {
        var definition = alarm.definition();
        var trigger = JSON.createObjectNode();
        var query = definition.queries().all().getFirst();
        if (definition.requestMembers().has("Metrics")) {
            trigger.set("Metrics", definition.requestMembers().path("Metrics"));
        } else if (query.metric() != null) {
            trigger.put("MetricName", query.metric().name())
                    .put("Namespace", query.metric().namespace())
                    .put("StatisticType", "Statistic")
                    .put("Statistic", query.statistic().toUpperCase(Locale.ROOT))
                    .put("Unit", query.unit());
            var dimensions = trigger.putArray("Dimensions");
            new TreeMap<>(query.metric().dimensions())
                    .forEach(
                            (key, value) ->
                                    dimensions.addObject().put("value", value).put("name", key));
        }
        trigger.put("Period", definition.periodSeconds())
                .put("EvaluationPeriods", definition.evaluationPeriods())
                .put("DatapointsToAlarm", definition.datapointsToAlarm())
                .put("ComparisonOperator", definition.comparison())
                .put("Threshold", definition.threshold())
                .put("TreatMissingData", definition.treatMissingData())
                .put("EvaluateLowSampleCountPercentile", "");
        return trigger;
    }
}
