package dev.orderflow.localcloud.cloudwatch;

import dev.orderflow.localcloud.cloudwatch.MetricAlarm.MetricAlarmDefinition;
import dev.orderflow.localcloud.cloudwatch.MetricAlarm.MetricAlarmStatus;
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

/// Publishes the state changes of metric alarms: to the history, to the topics of the alarm's
/// actions, and to the event bus.
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

    /// @param alarm the alarm as it was before the change
    void publish(MetricAlarm alarm, MetricAlarmStatus before, MetricAlarmStatus after) {
        var definition = alarm.definition();
        var state = after.state();
        var data = JSON.createObjectNode().put("version", "1.0");
        data.set("oldState", state(before, "stateValue", "stateReason"));
        data.set("newState", state(after, "stateValue", "stateReason"));
        history.add(
                definition.name(),
                "StateUpdate",
                after.since(),
                "Alarm updated from %s to %s".formatted(before.state(), state),
                data);
        if (definition.actionsEnabled()) {
            for (var topic : definition.actionsFor(state)) {
                notify(topic, alarm, before, after);
            }
        }
        publishEvent(definition, before, after);
    }

    private static ObjectNode state(MetricAlarmStatus status, String value, String reason) {
        return JSON.createObjectNode()
                .put(value, status.state().name())
                .put(reason, status.reason());
    }

    private void publishEvent(
            MetricAlarmDefinition definition, MetricAlarmStatus before, MetricAlarmStatus after) {
        var detail = JSON.createObjectNode().put("alarmName", definition.name());
        detail.set(
                "state",
                state(after, "value", "reason").put("timestamp", after.since().toString()));
        detail.set(
                "previousState",
                state(before, "value", "reason").put("timestamp", before.since().toString()));
        var configuration =
                detail.putObject("configuration").put("description", definition.description());
        var list = configuration.putArray("metrics");
        for (var query : definition.queries().all()) {
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
        buses.get()
                .publishServiceEvent(
                        "aws.cloudwatch",
                        "CloudWatch Alarm State Change",
                        List.of(definition.arn()),
                        detail);
    }

    private void notify(
            String topic, MetricAlarm alarm, MetricAlarmStatus before, MetricAlarmStatus after) {
        var definition = alarm.definition();
        var outcome = JSON.createObjectNode().put("actionState", "Succeeded");
        var summary = "Successfully executed action " + topic;
        try {
            topics.get()
                    .withCaller(
                            new Authorizer.Principal.ServicePrincipal(
                                    "cloudwatch.amazonaws.com", definition.arn()))
                    .publish(
                            topic,
                            "%s: \"%s\"".formatted(after.state(), definition.name()),
                            message(alarm, before, after).toString(),
                            Map.of());
        } catch (AwsErrorException failure) {
            log.warn(
                    "alarm {}: notification of {} failed: {}",
                    definition.name(),
                    topic,
                    failure.getMessage());
            outcome.put("actionState", "Failed").put("error", failure.getMessage());
            summary =
                    "Failed to execute action %s. Received error: \"%s\""
                            .formatted(topic, failure.getMessage());
        }
        history.add(
                definition.name(),
                "Action",
                after.since(),
                summary,
                outcome.put("notificationResource", topic));
    }

    private static ObjectNode message(
            MetricAlarm alarm, MetricAlarmStatus before, MetricAlarmStatus after) {
        var definition = alarm.definition();
        var message =
                JSON.createObjectNode()
                        .put("AlarmName", definition.name())
                        .put("AlarmDescription", definition.description())
                        .put("AWSAccountId", HttpGateway.ACCOUNT)
                        .put(
                                "AlarmConfigurationUpdatedTimestamp",
                                IN_MESSAGES.format(alarm.configured()))
                        .put("NewStateValue", after.state().name())
                        .put("NewStateReason", after.reason())
                        .put("StateChangeTime", IN_MESSAGES.format(after.since()))
                        .put("Region", "US East (N. Virginia)")
                        .put("AlarmArn", definition.arn())
                        .put("OldStateValue", before.state().name());
        definition.okActions().forEach(message.putArray("OKActions")::add);
        definition.alarmActions().forEach(message.putArray("AlarmActions")::add);
        definition
                .insufficientDataActions()
                .forEach(message.putArray("InsufficientDataActions")::add);
        var trigger = message.putObject("Trigger");
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
        return message;
    }
}
