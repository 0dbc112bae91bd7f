package dev.orderflow.localcloud.stepfunctions;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How much an evaluation makes: a few characters of JSONata can ask for more than there is memory,
/// or for a value that names itself twice at each of forty levels and would never be written out.
///
/// What every part of an expression comes to is weighed in characters and elements. Step Functions
/// carries 256 KiB from state to state, so a value of four times that, or sixty times that
/// in one evaluation, is a mistake or an attack.
final class ExpressionMemoryLimit {

    /// The largest single value.
    static final int LARGEST = 1_000_000;

    private static final long MOST_IN_ALL = 16_000_000;

    /// Only what is worth it is remembered.
    private static final int SMALL = 1_000;

    private final Set<Object> weighed = Collections.newSetFromMap(new IdentityHashMap<>());
    private long all;

    private ExpressionMemoryLimit() {}

    /// Bounds the evaluations of a frame, beside the bounds it has.
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
        return new JException("Expression evaluation made a value that is too large", -1);
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

    /// Not looked at any further once it is above the limit.
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
