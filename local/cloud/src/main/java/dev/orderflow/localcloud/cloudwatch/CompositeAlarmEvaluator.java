package dev.orderflow.localcloud.cloudwatch;

import dev.orderflow.localcloud.cloudwatch.CompositeAlarm.ActionSuppression;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Evaluates composite alarms and performs their actions, unless another alarm suppresses them
/// (CloudWatch user guide, "Suppressing composite alarm actions").
final class CompositeAlarmEvaluator {

    private static final Logger log = LoggerFactory.getLogger(CompositeAlarmEvaluator.class);
    private static final DateTimeFormatter IN_REASONS =
            DateTimeFormatter.ofPattern("EEEE dd MMMM, yyyy HH:mm:ss 'UTC'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    private final AlarmRepository alarms;
    private final AlarmStateChangePublisher stateChanges;

    CompositeAlarmEvaluator(AlarmRepository alarms, AlarmStateChangePublisher stateChanges) {
        this.alarms = alarms;
        this.stateChanges = stateChanges;
    }

    /// Evaluates every composite alarm until none changes, because one can depend on another.
    void evaluate(Instant now) {
        var composites = alarms.findAll(CompositeAlarm.class);
        boolean changed = true;
        for (int round = 0; changed && round <= composites.size(); round++) {
            changed = false;
            for (var composite : composites) {
                changed |= evaluate(composite.name(), now);
            }
        }
        composites.forEach(composite -> act(composite.name(), now));
    }

    private boolean evaluate(String name, Instant now) {
        if (!(alarms.find(name) instanceof CompositeAlarm composite)) {
            return false;
        }
        var result = composite.definition().rule().evaluate(this::stateOf);
        if (result == composite.evaluated()) {
            return false;
        }
        var before = composite.status();
        var evaluated = composite.withEvaluated(result);
        if (before.state() == result) {
            alarms.update(name, _ -> evaluated);
            return false;
        }
        var changed = evaluated.withStatus(new AlarmStatus(result, reason(composite), "", now));
        if (alarms.update(name, _ -> changed) == null) {
            return false;
        }
        log.info("alarm {} is {} (was {})", name, result, before.state());
        stateChanges.publish(changed, before);
        return true;
    }

    /// Performs the actions of a state once, as soon as nothing suppresses them any more.
    private void act(String name, Instant now) {
        if (!(alarms.find(name) instanceof CompositeAlarm composite)) {
            return;
        }
        var suppressor = composite.definition().suppressor();
        var suppressorState = suppressor == null ? null : stateOf(suppressor);
        var state = composite.status().state();
        var performed = composite.actions().performed();
        var actions = composite.actions().observe(suppressorState, now);
        var observed = composite.withActions(actions);
        var suppression =
                performed == state
                        ? Optional.<ActionSuppression>empty()
                        : observed.findSuppression(suppressorState, now);
        var decided =
                observed.withActions(
                        suppression.map(actions::suppress).orElse(actions.perform(state)));
        if (alarms.update(name, _ -> decided) != null
                && suppression.isEmpty()
                && performed != state) {
            stateChanges.act(decided, performed, triggering(decided));
        }
    }

    private AlarmState stateOf(String name) {
        var alarm = alarms.find(name);
        return alarm == null ? AlarmState.INSUFFICIENT_DATA : alarm.status().state();
    }

    private List<Alarm> triggering(CompositeAlarm composite) {
        return children(composite).stream()
                .filter(child -> child.status().state() == AlarmState.ALARM)
                .toList();
    }

    private List<Alarm> children(CompositeAlarm composite) {
        return composite.definition().rule().children().stream()
                .map(alarms::find)
                .filter(Objects::nonNull)
                .sorted(Comparator.comparing(Alarm::name))
                .toList();
    }

    private String reason(CompositeAlarm composite) {
        return children(composite).stream()
                .max(Comparator.comparing(child -> child.status().since()))
                .map(
                        child ->
                                "%s transitioned to %s at %s"
                                        .formatted(
                                                child.definition().arn(),
                                                child.status().state(),
                                                IN_REASONS.format(child.status().since())))
                .orElse("The rule refers to no alarm.");
    }

    /// Names alarms that the rule of a composite alarm refers to and that do not exist.
    List<String> findMissing(CompositeAlarm.CompositeAlarmDefinition definition) {
        return definition.rule().children().stream()
                .filter(child -> !isPresent(child))
                .sorted()
                .toList();
    }

    boolean isPresent(@Nullable String name) {
        return name == null || alarms.find(name) != null;
    }
}
