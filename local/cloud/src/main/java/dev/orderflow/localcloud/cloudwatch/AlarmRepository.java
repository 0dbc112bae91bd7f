package dev.orderflow.localcloud.cloudwatch;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// All alarms. A metric alarm and a composite alarm cannot have the same name.
final class AlarmRepository {

    private final Map<String, Alarm> alarms = new ConcurrentSkipListMap<>();

    @Nullable Alarm find(String name) {
        return alarms.get(name);
    }

    /// All alarms, by name.
    List<Alarm> findAll() {
        return List.copyOf(alarms.values());
    }

    <A extends Alarm> List<A> findAll(Class<A> type) {
        return alarms.values().stream().filter(type::isInstance).map(type::cast).toList();
    }

    void put(Alarm alarm) {
        alarms.put(alarm.name(), alarm);
    }

    /// Changes an alarm that still exists.
    ///
    /// @return the changed alarm, null if it does not exist
    @Nullable Alarm update(String name, UnaryOperator<Alarm> change) {
        return alarms.computeIfPresent(name, (_, alarm) -> change.apply(alarm));
    }

    @Nullable Alarm remove(String name) {
        return alarms.remove(name);
    }
}
