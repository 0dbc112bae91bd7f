package dev.orderflow.localcloud.cloudwatch;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// An alarm whose state follows from the states of other alarms, and whose actions another alarm
/// can suppress.
///
/// @param evaluated the last result of its rule, null before the first; `SetAlarmState` changes the
///     status only until the result changes
/// @param actions what was performed, and what is suppressed
record CompositeAlarm(
        CompositeAlarmDefinition definition,
        AlarmStatus status,
        Instant configured,
        @Nullable AlarmState evaluated,
        SuppressibleActions actions)
        implements Alarm {

    static final String TYPE = "CompositeAlarm";

    /// What suppresses actions, in the words of `ActionsSuppressedBy`.
    enum Suppressed {
        BY_ALARM("Alarm"),
        BY_WAIT_PERIOD("WaitPeriod"),
        BY_EXTENSION_PERIOD("ExtensionPeriod");

        private final String code;

        Suppressed(String code) {
            this.code = code;
        }

        String code() {
            return code;
        }
    }

    record ActionSuppression(Suppressed by, String reason) {}

    /// @param performed the state whose actions were performed last
    /// @param suppressorActive whether the suppressor was in the state ALARM at the last evaluation
    /// @param suppressorLeft when the suppressor left the state ALARM, null if it never did
    /// @param suppression why the actions of the current state wait, null if they do not
    record SuppressibleActions(
            AlarmState performed,
            boolean suppressorActive,
            @Nullable Instant suppressorLeft,
            @Nullable ActionSuppression suppression) {

        /// What is known after the suppressor was found in a state.
        SuppressibleActions observe(@Nullable AlarmState suppressor, Instant now) {
            boolean active = suppressor == AlarmState.ALARM;
            return new SuppressibleActions(
                    performed,
                    active,
                    suppressorActive && !active ? now : suppressorLeft,
                    suppression);
        }

        SuppressibleActions suppress(ActionSuppression why) {
            return new SuppressibleActions(performed, suppressorActive, suppressorLeft, why);
        }

        /// After the actions of a state were performed, or if none are due.
        SuppressibleActions perform(AlarmState state) {
            return new SuppressibleActions(state, suppressorActive, suppressorLeft, null);
        }
    }

    /// @param suppressor name of the alarm that suppresses actions, null if none does
    /// @param waitPeriod how long actions wait for the suppressor to go into the state ALARM
    /// @param extensionPeriod how long actions wait after the suppressor left the state ALARM
    record CompositeAlarmDefinition(
            String name,
            AlarmRule rule,
            @Nullable String suppressor,
            Duration waitPeriod,
            Duration extensionPeriod,
            boolean actionsEnabled,
            List<String> alarmActions,
            List<String> okActions,
            List<String> insufficientDataActions,
            ObjectNode requestMembers)
            implements AlarmDefinition {

        /// Whether its state or its actions depend on the alarm.
        boolean dependsOn(String alarm) {
            return rule.children().contains(alarm) || alarm.equals(suppressor);
        }

        private CompositeAlarmDefinition withActions(boolean enabled) {
            return new CompositeAlarmDefinition(
                    name,
                    rule,
                    suppressor,
                    waitPeriod,
                    extensionPeriod,
                    enabled,
                    alarmActions,
                    okActions,
                    insufficientDataActions,
                    requestMembers.deepCopy().put("ActionsEnabled", enabled));
        }
    }

    static CompositeAlarm create(CompositeAlarmDefinition definition, Instant now) {
        return new CompositeAlarm(
                definition,
                AlarmStatus.initial(now),
                now,
                null,
                new SuppressibleActions(AlarmState.INSUFFICIENT_DATA, false, null, null));
    }

    /// What suppresses the actions of the current state.
    ///
    /// @param suppressorState null if there is no suppressor
    Optional<ActionSuppression> findSuppression(@Nullable AlarmState suppressorState, Instant now) {
        if (suppressorState == null) {
            return Optional.empty();
        }
        var suppressorLeft = actions.suppressorLeft();
        if (suppressorState == AlarmState.ALARM) {
            return Optional.of(
                    new ActionSuppression(
                            Suppressed.BY_ALARM,
                            "Actions suppressed because the suppressor alarm %s is in ALARM"
                                    .formatted(definition.suppressor())));
        }
        if (suppressorLeft != null
                && now.isBefore(suppressorLeft.plus(definition.extensionPeriod()))) {
            return Optional.of(
                    new ActionSuppression(
                            Suppressed.BY_EXTENSION_PERIOD,
                            "Actions suppressed until %s because the suppressor alarm %s was in ALARM"
                                    .formatted(
                                            suppressorLeft.plus(definition.extensionPeriod()),
                                            definition.suppressor())));
        }
        if (status.state() == AlarmState.ALARM
                && (suppressorLeft == null || suppressorLeft.isBefore(status.since()))
                && now.isBefore(status.since().plus(definition.waitPeriod()))) {
            return Optional.of(
                    new ActionSuppression(
                            Suppressed.BY_WAIT_PERIOD,
                            "Actions suppressed until %s, waiting for the suppressor alarm %s"
                                    .formatted(
                                            status.since().plus(definition.waitPeriod()),
                                            definition.suppressor())));
        }
        return Optional.empty();
    }

    @Override
    public CompositeAlarm withStatus(AlarmStatus changed) {
        return new CompositeAlarm(definition, changed, configured, evaluated, actions);
    }

    @Override
    public CompositeAlarm withActions(boolean enabled, Instant now) {
        return new CompositeAlarm(definition.withActions(enabled), status, now, evaluated, actions);
    }

    CompositeAlarm withDefinition(CompositeAlarmDefinition changed, Instant now) {
        return new CompositeAlarm(changed, status, now, null, actions);
    }

    CompositeAlarm withEvaluated(AlarmState result) {
        return new CompositeAlarm(definition, status, configured, result, actions);
    }

    CompositeAlarm withActions(SuppressibleActions changed) {
        return new CompositeAlarm(definition, status, configured, evaluated, changed);
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public void describe(ObjectNode description) {
        var suppression = actions.suppression();
        if (suppression != null) {
            description
                    .put("ActionsSuppressedBy", suppression.by().code())
                    .put("ActionsSuppressedReason", suppression.reason());
        }
    }

    /// Reads a request of `PutCompositeAlarm`.
    ///
    /// @param name the validated name of the alarm
    static CompositeAlarmDefinition read(ObjectNode input, String name, String region) {
        CloudWatchParameters.requireLength(
                input.path("AlarmRule").asString(""), "AlarmRule", AlarmRule.LONGEST);
        if (input.path("AlarmRule").asString("").isBlank()) {
            throw CloudWatchParameters.missing("AlarmRule");
        }
        var rule = AlarmRule.parse(input.path("AlarmRule").asString(""));
        var suppressor = CloudWatchParameters.optional(input, "ActionsSuppressor");
        var periods = List.of("ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod");
        for (var period : periods) {
            if (suppressor == null == input.hasNonNull(period)) {
                throw CloudWatchParameters.validation(
                        "ActionsSuppressor, ActionsSuppressorWaitPeriod and ActionsSuppressorExtensionPeriod must be given together.");
            }
        }
        var description = JsonMapper.shared().createObjectNode();
        AlarmActions.describe(input, name, region, description);
        description.put("AlarmRule", input.path("AlarmRule").asString(""));
        if (suppressor != null) {
            description.put("ActionsSuppressor", suppressor);
            periods.forEach(
                    period ->
                            description.put(period, CloudWatchParameters.whole(input, period, 0)));
        }
        return new CompositeAlarmDefinition(
                name,
                rule,
                suppressor == null ? null : AlarmRule.nameOf(suppressor),
                Duration.ofSeconds(description.path(periods.getFirst()).asInt(0)),
                Duration.ofSeconds(description.path(periods.getLast()).asInt(0)),
                CloudWatchParameters.flag(input, "ActionsEnabled", true),
                AlarmActions.read(input, AlarmActions.ALARM),
                AlarmActions.read(input, AlarmActions.OK),
                AlarmActions.read(input, AlarmActions.INSUFFICIENT_DATA),
                description);
    }
}
