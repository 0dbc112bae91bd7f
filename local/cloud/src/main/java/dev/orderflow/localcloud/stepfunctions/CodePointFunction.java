package dev.orderflow.localcloud.stepfunctions;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toUnmodifiableMap;

import com.dashjoin.jsonata.Jsonata;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A function of JSONata that counts characters as
/// [JSONata](https://docs.jsonata.org/string-functions) does, which are Unicode code points. The
/// library counts a character outside of the basic plane, such as an emoji, twice in some places
/// and fails.
final class CodePointFunction extends Jsonata.JFunction {

    private static final Map<String, Jsonata.JFunction> LIBRARY =
            Stream.of("length", "substring")
                    .collect(toUnmodifiableMap(identity(), CodePointFunction::ofLibrary));

    private final String name;
    private final Jsonata.JFunction library;

    private CodePointFunction(String name, Jsonata.JFunction library) {
        super(library::call, null);
        this.name = name;
        this.library = library;
    }

    private static Jsonata.JFunction ofLibrary(String name) {
        return (Jsonata.JFunction) Jsonata.jsonata("$" + name).evaluate(null);
    }

    /// Puts these functions in the place of the library's.
    static void bind(Jsonata.Frame frame) {
        LIBRARY.forEach(
                (name, function) ->
                        frame.bind(name, (Object) new CodePointFunction(name, function)));
    }

    /// The arguments are checked as the library does.
    @Override
    public Object validate(Object args, Object context) {
        return library.validate(args, context);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Object call(Object input, List args) {
        if (!(argument(args, 0) instanceof String text)) {
            return library.call(input, args);
        }
        if (name.equals("length")) {
            return text.codePointCount(0, text.length());
        }
        return argument(args, 1) instanceof Number start
                ? substring(text, start, (Number) argument(args, 2))
                : library.call(input, args);
    }

    /// A start below zero counts from the end.
    private static String substring(String text, Number from, @Nullable Number count) {
        int[] points = text.codePoints().toArray();
        double start = points.length + from.doubleValue() < 0 ? 0 : from.doubleValue();
        double end = points.length;
        if (count != null) {
            if (count.doubleValue() <= 0) {
                return "";
            }
            end = (start >= 0 ? start : points.length + start) + count.doubleValue();
        }
        int first = index(start, points.length);
        int last = index(end, points.length);
        return first >= last ? "" : new String(points, first, last - first);
    }

    /// As JavaScript's `slice` reads a position: towards zero, and within the text.
    private static int index(double position, int length) {
        double whole = position < 0 ? Math.ceil(position) : Math.floor(position);
        return (int) Math.clamp(whole < 0 ? length + whole : whole, 0, length);
    }

    private static @Nullable Object argument(List<?> args, int index) {
        return index < args.size() ? args.get(index) : null;
    }

    @Override
    public int getNumberOfArgs() {
        return library.getNumberOfArgs();
    }
}
