package dev.orderflow.localcloud.stepfunctions;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import com.dashjoin.jsonata.Utils;
import dev.orderflow.localcloud.wire.Digests;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// JSONata as Step Functions supports it: the standard functions without `$eval`, plus
/// `$partition`, `$range`, `$hash`, `$random`, `$uuid` and `$parse` as [AWS documents
/// them](https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html).
///
/// An evaluation is limited in time, depth and size, so a hostile expression fails only its state.
final class JsonataExpressions {

    private static final Duration TIME_LIMIT = Duration.ofSeconds(5);
    private static final int DEPTH_LIMIT = 500;
    private static final int RANGE_LIMIT = 1_000;

    /// The algorithms of `$hash` and `States.Hash`.
    static final List<String> HASHES = List.of("MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512");

    /// Calls whose picture argument is a literal.
    private static final Pattern PICTURE =
            Pattern.compile(
                    "\\$formatNumber\\s*\\([^()\"',]*,\\s*(\"[^\"\\\\]*\"|'[^'\\\\]*')\\s*[,)]");

    private JsonataExpressions() {}

    /// Whether a string of a definition is an expression.
    static boolean isExpression(String text) {
        return text.length() >= 4 && text.startsWith("{%") && text.endsWith("%}");
    }

    /// Returns the expression without its delimiters.
    static String unwrap(String text) {
        return text.substring(2, text.length() - 2).strip();
    }

    /// Returns the syntax error of an expression, empty if it is valid.
    static Optional<String> syntaxError(String expression) {
        try {
            Jsonata.jsonata(expression);
            return pictureError(expression);
        } catch (JException e) {
            return Optional.of(errorText(e, expression));
        } catch (RuntimeException | StackOverflowError _) {
            return Optional.of("The expression cannot be parsed");
        }
    }

    /// Validates pictures that are literals.
    private static Optional<String> pictureError(String expression) {
        return PICTURE.matcher(expression)
                .results()
                .map(
                        call ->
                                numberPictureError(
                                        call.group(1).substring(1, call.group(1).length() - 1)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /// Validates the [picture](https://www.w3.org/TR/xpath-functions-31/#formatting-numbers) of
    /// `$formatNumber`, which JSONata validates and the library does not.
    private static Optional<String> numberPictureError(String picture) {
        String[] parts = picture.split(";", -1);
        if (parts.length > 2) {
            return Optional.of(
                    "D3080: The picture string must only contain a maximum of two sub-pictures");
        }
        for (String part : parts) {
            if (part.indexOf('.') != part.lastIndexOf('.')) {
                return Optional.of(
                        "D3081: The sub-picture must not contain more than one instance of the 'decimal-separator' character");
            }
            if (part.indexOf('%') != part.lastIndexOf('%')) {
                return Optional.of(
                        "D3082: The sub-picture must not contain more than one instance of the 'percent' character");
            }
            if (part.chars().noneMatch(c -> c >= '0' && c <= '9' || c == '#')) {
                return Optional.of(
                        "D3085: The mantissa part of a sub-picture must contain at least one character that is either an 'optional digit character' or a member of the 'decimal digit family'");
            }
        }
        return Optional.empty();
    }

    /// The result of an evaluation.
    sealed interface ExpressionResult {
        record ExpressionValue(JsonNode value) implements ExpressionResult {}

        /// The expression is `undefined` in JSONata.
        record ExpressionUndefined() implements ExpressionResult {}

        /// @param tail text after "threw an error during evaluation", including its separator
        record ExpressionFailed(String tail) implements ExpressionResult {}
    }

    static ExpressionResult evaluate(String expression, Map<String, ?> bindings) {
        return evaluate(expression, bindings, TIME_LIMIT);
    }

    static ExpressionResult evaluate(String expression, Map<String, ?> bindings, Duration limit) {
        return expression.contains("/")
                ? evaluateOnOwnThread(() -> evaluateInline(expression, bindings, limit), limit)
                : evaluateInline(expression, bindings, limit);
    }

    /// Evaluates an expression that may contain a regular expression on its own thread, so that the
    /// state fails in time even if the matching cannot be interrupted, such as a regular expression
    /// called as a function. The thread ends with its matching.
    private static ExpressionResult evaluateOnOwnThread(
            Callable<ExpressionResult> evaluation, Duration limit) {
        var task = new FutureTask<ExpressionResult>(evaluation);
        Thread unused = Thread.ofPlatform().daemon().name("expression").start(task);
        long end = System.nanoTime() + 2 * limit.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get(end - System.nanoTime(), NANOSECONDS);
                } catch (InterruptedException _) {
                    interrupted = true;
                } catch (TimeoutException _) {
                    return toFailure(BoundedFunction.timedOut(), "");
                } catch (ExecutionException e) {
                    throw new IllegalStateException(
                            "the evaluation failed unexpectedly", e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static ExpressionResult evaluateInline(
            String expression, Map<String, ?> bindings, Duration limit) {
        try {
            Jsonata jsonata = Jsonata.jsonata(expression);
            jsonata.setOutputConvertNulls(false);
            Jsonata.Frame frame = jsonata.createFrame();
            frame.setRuntimeBounds(limit.toMillis(), DEPTH_LIMIT);
            ExpressionMemoryLimit.bound(frame);
            bindings.forEach(frame::bind);
            bindFunctions(frame, System.nanoTime() + limit.toNanos());
            Object value = jsonata.evaluate(null, frame);
            return value == null
                    ? new ExpressionResult.ExpressionUndefined()
                    : new ExpressionResult.ExpressionValue(StepFunctionsJson.tree(value));
        } catch (JException e) {
            return toFailure(e, expression);
        } catch (StepFunctionsJson.InvalidJsonException _) {
            return new ExpressionResult.ExpressionUndefined();
        } catch (StackOverflowError _) {
            return new ExpressionResult.ExpressionFailed(
                    ": Stack overflow error: Check for infinite loop");
        } catch (RuntimeException e) {
            return e.getCause() instanceof JException cause
                    ? toFailure(cause, expression)
                    : new ExpressionResult.ExpressionFailed(translateJavaError(e));
        }
    }

    private static ExpressionResult.ExpressionFailed toFailure(JException e, String expression) {
        String code = e.getError();
        return code != null && code.matches("[A-Z]\\d{4}")
                ? new ExpressionResult.ExpressionFailed(
                        ". " + code + ": " + errorText(e, expression))
                : new ExpressionResult.ExpressionFailed(
                        ": "
                                + Objects.requireNonNullElse(
                                        code, "The expression cannot be evaluated"));
    }

    /// The library's error text, with the parts that its port from JavaScript lost.
    private static String errorText(JException e, String expression) {
        String message = String.valueOf(e.getMessage());
        return switch (String.valueOf(e.getError())) {
            case "D3137", "D3141" -> message;
            case "D3120" -> "Syntax error in expression passed to function parse";
            case "T0412" ->
                    "Argument 1 of function \"%s\" must be an array of \"%s\""
                            .formatted(
                                    functionAt(e.getLocation(), expression),
                                    switch (String.valueOf(e.getExpected())) {
                                        case "s" -> "strings";
                                        case "o" -> "objects";
                                        default -> "numbers";
                                    });
            case "T2009" ->
                    message.replaceFirst(
                            " operator \\{\\{token}} ",
                            Matcher.quoteReplacement(
                                    " operator \"" + comparison(expression) + "\" "));
            default ->
                    message.replaceFirst("Argument \"(\\d+)\" of", "Argument $1 of")
                            .replaceAll("\\bObject\\b", "function");
        };
    }

    /// The name of the function whose opening bracket ends at this position.
    private static String functionAt(int location, String expression) {
        int end = Math.clamp(location - 1, 0, expression.length());
        int start = end;
        while (start > 0 && Character.isLetterOrDigit(expression.charAt(start - 1))) {
            start--;
        }
        return expression.substring(start, end);
    }

    private static String comparison(String expression) {
        return Stream.of("<=", ">=", "<", ">").filter(expression::contains).findFirst().orElse("<");
    }

    /// Translates Java exceptions of the library to JSONata's error codes.
    private static String translateJavaError(RuntimeException e) {
        return switch (e) {
            case NumberFormatException _ ->
                    ". D3030: Unable to cast value to a number: "
                            + String.valueOf(e.getMessage()).replace("For input string: ", "");
            case DateTimeParseException parse ->
                    ". D3110: The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given \"%s\""
                            .formatted(parse.getParsedString());
            case ClassCastException _ ->
                    ". D3070: The single argument form of the sort function can only be applied to an array of strings or an array of numbers.  Use the second argument to specify a comparison function";
            default ->
                    ": "
                            + Objects.requireNonNullElse(
                                    e.getMessage(), "The expression cannot be evaluated");
        };
    }

    private static void bindFunctions(Jsonata.Frame frame, long deadline) {
        BoundedFunction.bind(frame, deadline);
        CodePointFunction.bind(frame);
        frame.bind("partition", function((_, args) -> partition(args)));
        frame.bind("range", function((_, args) -> range(args)));
        frame.bind("hash", function((_, args) -> hash(args)));
        frame.bind("random", function((_, args) -> random(args)));
        frame.bind("uuid", function((_, _) -> UUID.randomUUID().toString()));
        frame.bind("parse", function((_, args) -> parse(args)));
        frame.bind(
                "eval",
                function(
                        (_, _) -> {
                            throw new JException("T1006", 0, "eval");
                        }));
    }

    private static Jsonata.JFunction function(Jsonata.JFunctionCallable body) {
        return new Jsonata.JFunction(body, null);
    }

    private static @Nullable Object argument(List<?> args, int index) {
        return index < args.size() ? args.get(index) : null;
    }

    private static JException mismatch(String function, int argument) {
        return new JException("T0410", 0, argument, function);
    }

    private static double number(List<?> args, int index, String function) {
        if (argument(args, index) instanceof Number n) {
            return n.doubleValue();
        }
        throw mismatch(function, index + 1);
    }

    private static @Nullable Object partition(List<?> args) {
        Object first = argument(args, 0);
        if (first == null) {
            return null;
        }
        List<?> items = first instanceof List<?> list ? list : List.of(first);
        int size = (int) number(args, 1, "partition");
        if (size < 1) {
            throw mismatch("partition", 2);
        }
        var chunks = new ArrayList<Object>();
        for (int from = 0; from < items.size(); from += size) {
            chunks.add(new ArrayList<>(items.subList(from, Math.min(from + size, items.size()))));
        }
        return chunks;
    }

    private static Object range(List<?> args) {
        double start = number(args, 0, "range");
        double end = number(args, 1, "range");
        double step = number(args, 2, "range");
        if (step == 0) {
            throw mismatch("range", 3);
        }
        double count = Math.floor((end - start) / step) + 1;
        if (count > RANGE_LIMIT) {
            throw new JException("D2014", 0, (long) count);
        }
        // A sequence, which JSONata reduces to its item if it has one and to undefined if it is
        // empty.
        var values = Utils.createSequence();
        for (int i = 0; i < count; i++) {
            double value = start + i * step;
            values.add(value == Math.rint(value) ? (Object) (long) value : (Object) value);
        }
        return values;
    }

    private static @Nullable Object hash(List<?> args) {
        Object content = argument(args, 0);
        if (content == null) {
            return null;
        }
        if (!(argument(args, 1) instanceof String algorithm) || !HASHES.contains(algorithm)) {
            throw mismatch("hash", 2);
        }
        String text =
                content instanceof String s
                        ? s
                        : StepFunctionsJson.text(StepFunctionsJson.tree(content));
        return Digests.hex(algorithm, text);
    }

    private static Object random(List<?> args) {
        Object seed = argument(args, 0);
        if (seed == null) {
            return ThreadLocalRandom.current().nextDouble();
        }
        return new Random((long) number(args, 0, "random")).nextDouble();
    }

    private static @Nullable Object parse(List<?> args) {
        Object text = argument(args, 0);
        if (text == null) {
            return null;
        }
        if (!(text instanceof String json)) {
            throw mismatch("parse", 1);
        }
        try {
            return StepFunctionsJson.plain(StepFunctionsJson.parse(json), Jsonata.NULL_VALUE);
        } catch (JacksonException | IllegalArgumentException _) {
            throw new JException("D3120", 0, json);
        }
    }
}
