package dev.orderflow.localcloud.cloudwatch;

import java.time.Instant;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// An alarm and its status.
sealed interface Alarm permits MetricAlarm, CompositeAlarm {

    AlarmDefinition definition();

    AlarmStatus status();

    /// Time of the last update of the definition.
    Instant configured();

    Alarm withStatus(AlarmStatus status);

    /// Returns this alarm with actions enabled or disabled.
    Alarm withActions(boolean enabled, Instant now);

    /// The type in `AlarmTypes` and in the history.
    String type();

    /// Adds members that only this type of alarm has to its description by `DescribeAlarms`.
    default void describe(ObjectNode description) {}

    default String name() {
        return definition().name();
    }

    /// The part of a definition that all alarms have.
    interface AlarmDefinition {

        String name();

        boolean actionsEnabled();

        List<String> alarmActions();

        List<String> okActions();

        List<String> insufficientDataActions();

        /// Members as `DescribeAlarms` returns them.
        ObjectNode requestMembers();

        default String arn() {
            return requestMembers().path("AlarmArn").asString();
        }

        default String description() {
            return requestMembers().path("AlarmDescription").asString("");
        }

        default List<String> actionsFor(AlarmState state) {
            return switch (state) {
                case ALARM -> alarmActions();
                case OK -> okActions();
                case INSUFFICIENT_DATA -> insufficientDataActions();
            };
        }
    }
}
