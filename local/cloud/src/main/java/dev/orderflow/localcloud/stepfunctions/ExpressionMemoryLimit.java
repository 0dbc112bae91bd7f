package dev.orderflow.localcloud.stepfunctions;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Limits the size of values during an evaluation: a few characters of JSONata can ask for more
/// than the available memory, or for a value that doubles at each of forty levels.
///
/// The value of every subexpression is measured in characters and elements. Step Functions carries
/// 256 KiB between states, so a value four times as large, or sixty times in one evaluation, is a
/// mistake or an attack.
final class ExpressionMemoryLimit {

    /// The maximum size of one value.
    static final int LARGEST = 1_000_000;

    private static final long MOST_IN_ALL = 16_000_000;

    /// Only larger values are remembered.
    private static final int SMALL = 1_000;

    private final Set<Object> weighed = Collections.newSetFromMap(new IdentityHashMap<>());
    private long all;

    private ExpressionMemoryLimit() {}

    /// Adds the limit to a frame, beside its existing limits.
    static void bound(Jsonata.Frame frame) {
        var volume = new ExpressionMemoryLimit();
        var others = (Jsonata.ExitCallback) frame.lookup("__evaluate_exit");
        frame.setEvaluateExitCallback(
                (part, input, environment, result) -> {
                    others.callback(part, input, environment, result);
                    volume.add(result);
                });
    }

    static JException tooLarge() {
        return new JException("Expression evaluation produced a value that is too large", -1);
    }

    private void add(@Nullable Object value) {
        if (value == null || weighed.contains(value)) {
            return;
        }
        int weight = weight(value, LARGEST);
        all += weight;
        if (weight > LARGEST || all > MOST_IN_ALL) {
            throw tooLarge();
        }
        if (weight > SMALL) {
            weighed.add(value);
        }
    }

    /// Stops counting above the limit.
    private static int weight(@Nullable Object value, int limit) {
        int weight = 1;
        switch (value) {
            case String text -> weight += text.length();
            case Map<?, ?> map -> {
                for (var entry : map.entrySet()) {
                    if (weight > limit) {
                        break;
                    }
                    weight += String.valueOf(entry.getKey()).length();
                    weight += weight(entry.getValue(), limit - weight);
                }
            }
            case List<?> list -> {
                if (list.size() > limit) {
                    return list.size();
                }
                for (var item : list) {
                    if (weight > limit) {
                        break;
                    }
                    weight += weight(item, limit - weight);
                }
            }
            case null, default -> {}
        }
        return weight;
    }
}
