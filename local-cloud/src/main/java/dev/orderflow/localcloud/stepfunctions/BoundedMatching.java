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

/// A function of JSONata that takes a regular expression, with an end to its matching.
///
/// Java's matcher backtracks, so `(a+)+$` can take longer than anybody waits, and nothing stops it
/// from outside. So the matching is rehearsed on a text that knows the time; what gets through the
/// rehearsal gets through the library's own matching. Text that comes to be only within the
/// function (`$replace` with a limit) is not rehearsed.
final class BoundedMatching extends Jsonata.JFunction {

    /// The functions as the library has them, by name.
    private static final Map<String, Jsonata.JFunction> LIBRARY =
            Stream.of("contains", "match", "replace", "split")
                    .collect(toUnmodifiableMap(identity(), BoundedMatching::ofLibrary));

    private final Jsonata.JFunction library;
    private final long deadline;

    private BoundedMatching(Jsonata.JFunction library, long deadline) {
        super(library::call, null);
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
                        frame.bind(name, (Object) new BoundedMatching(function, deadline)));
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
        if (args.size() > 1
                && args.get(0) instanceof String text
                && args.get(1) instanceof Pattern pattern) {
            rehearse(pattern.matcher(new Timed(text, deadline)));
        }
        return library.call(input, args);
    }

    private static void rehearse(Matcher matcher) {
        boolean found = true;
        while (found) {
            found = matcher.find();
        }
    }

    @Override
    public int getNumberOfArgs() {
        return library.getNumberOfArgs();
    }

    /// Text that can no longer be read once the time is over.
    private static final class Timed implements CharSequence {

        private static final int READS_BETWEEN_LOOKS = 1_024;

        private final String text;
        private final long deadline;
        private int reads;

        Timed(String text, long deadline) {
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
