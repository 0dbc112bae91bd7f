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

/// A JSONata function with limits on run time and result size.
///
/// Java's regular expression matcher backtracks, so `(a+)+$` can run practically forever and cannot
/// be interrupted. The match is therefore tried first on a text that throws after the deadline; the
/// library's match repeats it only if the trial finished. Text that is created inside the function
/// (`$replace` with a limit) is not covered.
///
/// The results of `$pad` and `$replace`, and the quadratic run time of `$distinct`, are limited
/// before the call, because the functions themselves check neither time nor size.
final class BoundedFunction extends Jsonata.JFunction {

    /// The library's functions, by name.
    private static final Map<String, Jsonata.JFunction> LIBRARY =
            Stream.of("contains", "distinct", "match", "pad", "replace", "split")
                    .collect(toUnmodifiableMap(identity(), BoundedFunction::ofLibrary));

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

    /// Replaces the library's functions with bounded ones.
    ///
    /// @param deadline end of matching, as `System.nanoTime`
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
            case "pad" -> {
                if (argument(args, 0) instanceof String text
                        && argument(args, 1) instanceof Number width) {
                    require(Math.abs(width.doubleValue()) <= WIDEST_PADDING);
                    return pad(text, width.intValue(), argument(args, 2));
                }
            }
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

    /// To a width in code points, which the library counts in halves of surrogate pairs.
    private static String pad(String text, int width, @Nullable Object with) {
        var filler = with instanceof String some && !some.isEmpty() ? some : " ";
        int[] points = filler.codePoints().toArray();
        int missing = Math.abs(width) - text.codePointCount(0, text.length());
        var padding = new StringBuilder();
        for (int i = 0; i < missing; i++) {
            padding.appendCodePoint(points[i % points.length]);
        }
        return width < 0 ? padding + text : text + padding;
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
            // A group reference such as `$1` may insert the whole text.
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

    /// Text that throws when it is read after the deadline.
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
