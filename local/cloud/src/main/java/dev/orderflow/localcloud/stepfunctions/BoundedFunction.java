package dev.orderflow.localcloud.stepfunctions;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toUnmodifiableMap;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A function of JSONata that would take longer, or make more, than anybody wants.
///
/// Java's matcher backtracks, so `(a+)+$` can take longer than anybody waits, and nothing stops it
/// from outside. So the matching is rehearsed on a text that knows the time; what gets through the
/// rehearsal gets through the library's own matching. Text that comes to be only within the
/// function (`$replace` with a limit) is not rehearsed.
///
/// What `$pad` and `$replace` make, and what `$distinct` takes a time for that grows with the
/// square of what it is given, is bounded before they begin: within them nothing looks at time or
/// size.
final class BoundedFunction extends Jsonata.JFunction {

    /// The functions as the library has them, by name.
    private static final Map<String, Jsonata.JFunction> LIBRARY =
            Stream.of("contains", "distinct", "match", "pad", "replace", "split")
                    .collect(toUnmodifiableMap(identity(), BoundedFunction::ofLibrary));

    /// The library pads one character at a time, each time copying all there is.
    private static final int WIDEST_PADDING = 20_000;

    private static final int MOST_TO_COMPARE = 20_000;

    private final String name;
    private final Jsonata.JFunction library;
    private final long deadline;

    private BoundedFunction(String name, Jsonata.JFunction library, long deadline) {
        super(library::call, null);
        this.name = name;
        this.library = library;
        this.deadline = deadline;
    }

    private static Jsonata.JFunction ofLibrary(String name) {
        return (Jsonata.JFunction) Jsonata.jsonata("$" + name).evaluate(null);
    }

    /// Puts bounded functions in the place of the library's.
    ///
    /// @param deadline when matching ends, as `System.nanoTime` tells it
    static void bind(Jsonata.Frame frame, long deadline) {
        LIBRARY.forEach(
                (name, function) ->
                        frame.bind(name, (Object) new BoundedFunction(name, function, deadline)));
    }

    static JException timedOut() {
        return new JException("Expression evaluation timeout: Check for infinite loop", -1);
    }

    @Override
    public Object validate(Object args, Object context) {
        return library.validate(args, context);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Object call(Object input, List args) {
        switch (name) {
            case "pad" ->
                    require(
                            !(argument(args, 1) instanceof Number width)
                                    || Math.abs(width.doubleValue()) <= WIDEST_PADDING);
            case "distinct" ->
                    require(
                            !(argument(args, 0) instanceof List<?> items)
                                    || items.size() <= MOST_TO_COMPARE);
            default -> {
                if (argument(args, 0) instanceof String text) {
                    bound(text, argument(args, 1), argument(args, 2));
                }
            }
        }
        return library.call(input, args);
    }

    private static @Nullable Object argument(List<?> args, int index) {
        return index < args.size() ? args.get(index) : null;
    }

    private void bound(String text, @Nullable Object sought, @Nullable Object replacement) {
        long found =
                switch (sought) {
                    case Pattern pattern ->
                            requireTimelyMatching(
                                    pattern.matcher(new DeadlineText(text, deadline)));
                    case String piece when !piece.isEmpty() -> occurrences(text, piece);
                    case null, default -> 0;
                };
        if (name.equals("replace") && replacement instanceof String other) {
            // `$1` may stand for all of the text.
            long each =
                    other.contains("$") ? (long) other.length() * text.length() : other.length();
            require(found * each <= ExpressionMemoryLimit.LARGEST);
        }
    }

    private static long requireTimelyMatching(Matcher matcher) {
        long found = 0;
        while (matcher.find()) {
            found++;
        }
        return found;
    }

    private static long occurrences(String text, String piece) {
        long found = 0;
        for (int at = text.indexOf(piece); at >= 0; at = text.indexOf(piece, at + piece.length())) {
            found++;
        }
        return found;
    }

    private static void require(boolean within) {
        if (!within) {
            throw ExpressionMemoryLimit.tooLarge();
        }
    }

    @Override
    public int getNumberOfArgs() {
        return library.getNumberOfArgs();
    }

    /// Text that can no longer be read once the time is over.
    private static final class DeadlineText implements CharSequence {

        private static final int READS_BETWEEN_LOOKS = 1_024;

        private final String text;
        private final long deadline;
        private int reads;

        DeadlineText(String text, long deadline) {
            this.text = text;
            this.deadline = deadline;
        }

        @Override
        public char charAt(int index) {
            if (++reads % READS_BETWEEN_LOOKS == 0 && System.nanoTime() - deadline > 0) {
                throw timedOut();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
