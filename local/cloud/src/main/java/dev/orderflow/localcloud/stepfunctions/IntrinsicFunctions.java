package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.wire.Digests;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The [intrinsic
/// functions](https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html) of
/// JSONPath states.
final class IntrinsicFunctions {

    private static final int NESTING_LIMIT = 10;

    /// Placeholders for escaped braces until the function has run.
    private static final char OPEN = '\uE000';

    private static final char CLOSE = '\uE001';

    private final String text;
    private final JsonPathScope scope;
    private final String field;
    private int at;

    private IntrinsicFunctions(String text, JsonPathScope scope, String field) {
        this.text = text;
        this.scope = scope;
        this.field = field;
    }

    static JsonNode call(String text, JsonPathScope scope, String field) {
        var parser = new IntrinsicFunctions(text, scope, field);
        JsonNode value = parser.invocation(0);
        parser.spaces();
        if (parser.at != text.length()) {
            throw parser.failure("Unexpected text after the function call");
        }
        return value;
    }

    /// Whether the text is syntactically a call. More can be checked only with the input.
    static boolean isCall(String text) {
        return text.matches("States\\.[A-Za-z0-9]+\\(.*\\)\\s*");
    }

    private StateFailedException failure(String message) {
        return StateFailedException.interpreter(
                StateFailedException.INTRINSIC,
                "The function '%s' had the following error: %s".formatted(text, message));
    }

    private void spaces() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw failure("Unexpected end of the function call");
        }
        return text.charAt(at);
    }

    private JsonNode invocation(int depth) {
        if (depth > NESTING_LIMIT) {
            throw failure("More than %d nested functions".formatted(NESTING_LIMIT));
        }
        int open = text.indexOf('(', at);
        if (open < 0) {
            throw failure("Expected a function call");
        }
        String name = text.substring(at, open).strip();
        at = open + 1;
        List<JsonNode> args = new ArrayList<>();
        spaces();
        if (peek() == ')') {
            at++;
        } else {
            while (true) {
                args.add(argument(depth));
                spaces();
                char c = peek();
                at++;
                if (c == ')') {
                    break;
                }
                if (c != ',') {
                    throw failure("Expected ',' or ')' but was '" + c + "'");
                }
            }
        }
        return apply(name, args);
    }

    private JsonNode argument(int depth) {
        spaces();
        char c = peek();
        if (c == '\'') {
            return StepFunctionsJson.NODES.stringNode(quoted());
        }
        if (text.startsWith("States.", at)) {
            return invocation(depth + 1);
        }
        int start = at;
        int brackets = 0;
        boolean inQuotes = false;
        while (at < text.length()) {
            char here = text.charAt(at);
            if (here == '\'') {
                inQuotes = !inQuotes;
            } else if (!inQuotes) {
                if (here == '[' || here == '(') {
                    brackets++;
                } else if (brackets > 0 && (here == ']' || here == ')')) {
                    brackets--;
                } else if (brackets == 0 && (here == ',' || here == ')')) {
                    break;
                }
            }
            at++;
        }
        String token = text.substring(start, at).strip();
        if (token.startsWith("$")) {
            return scope.read(token, field);
        }
        try {
            JsonNode literal = StepFunctionsJson.parse(token);
            if (literal.isNumber() || literal.isBoolean() || literal.isNull()) {
                return literal;
            }
        } catch (JacksonException | IllegalArgumentException _) {
            // Reported below: the text is neither a path nor a literal.
        }
        throw failure("Invalid argument '" + token + "'");
    }

    private String quoted() {
        at++;
        var value = new StringBuilder();
        while (peek() != '\'') {
            if (peek() == '\\') {
                at++;
                value.append(
                        switch (peek()) {
                            case '{' -> OPEN;
                            case '}' -> CLOSE;
                            default -> peek();
                        });
            } else {
                value.append(peek());
            }
            at++;
        }
        at++;
        return value.toString();
    }

    private static String plain(String text) {
        return text.replace(OPEN, '{').replace(CLOSE, '}');
    }

    private JsonNode apply(String name, List<JsonNode> given) {
        List<JsonNode> args =
                name.equals("States.Format")
                        ? given
                        : given.stream()
                                .map(
                                        a ->
                                                a.isString()
                                                        ? (JsonNode)
                                                                StepFunctionsJson.NODES.stringNode(
                                                                        plain(a.stringValue()))
                                                        : a)
                                .toList();
        return switch (name) {
            case "States.Format" -> format(args);
            case "States.StringToJson" -> stringToJson(args);
            case "States.JsonToString" ->
                    StepFunctionsJson.NODES.stringNode(StepFunctionsJson.text(arg(args, 0, 1)));
            case "States.Array" -> {
                ArrayNode array = StepFunctionsJson.NODES.arrayNode();
                args.forEach(array::add);
                yield array;
            }
            case "States.ArrayPartition" -> partition(args);
            case "States.ArrayContains" -> {
                JsonNode wanted = arg(args, 1, 2);
                boolean found = false;
                for (JsonNode e : array(args, 0)) {
                    found |= e.equals(wanted);
                }
                yield StepFunctionsJson.NODES.booleanNode(found);
            }
            case "States.ArrayRange" -> range(args);
            case "States.ArrayGetItem" -> {
                ArrayNode array = array(args, 0);
                long index = integer(arg(args, 1, 2));
                if (index < 0 || index >= array.size()) {
                    throw failure("Index out of bounds: " + index);
                }
                yield array.get((int) index);
            }
            case "States.ArrayLength" -> {
                arg(args, 0, 1);
                yield StepFunctionsJson.NODES.numberNode(array(args, 0).size());
            }
            case "States.ArrayUnique" -> {
                var unique = new LinkedHashSet<JsonNode>();
                array(args, 0).forEach(unique::add);
                ArrayNode array = StepFunctionsJson.NODES.arrayNode();
                unique.forEach(array::add);
                yield array;
            }
            case "States.Base64Encode" ->
                    StepFunctionsJson.NODES.stringNode(
                            Base64.getEncoder()
                                    .encodeToString(
                                            string(arg(args, 0, 1))
                                                    .getBytes(StandardCharsets.UTF_8)));
            case "States.Base64Decode" -> {
                try {
                    yield StepFunctionsJson.NODES.stringNode(
                            new String(
                                    Base64.getDecoder().decode(string(arg(args, 0, 1))),
                                    StandardCharsets.UTF_8));
                } catch (IllegalArgumentException _) {
                    throw failure("Invalid Base64");
                }
            }
            case "States.Hash" -> hash(args);
            case "States.JsonMerge" -> merge(args);
            case "States.MathRandom" -> {
                long from = integer(arg(args, 0));
                long to = integer(arg(args, 1));
                if (from >= to) {
                    throw failure("The start must be less than the end");
                }
                yield StepFunctionsJson.NODES.numberNode(
                        args.size() > 2
                                ? new Random(integer(args.get(2))).nextLong(from, to)
                                : ThreadLocalRandom.current().nextLong(from, to));
            }
            case "States.MathAdd" ->
                    StepFunctionsJson.NODES.numberNode(
                            integer(arg(args, 0, 2)) + integer(arg(args, 1, 2)));
            case "States.StringSplit" -> split(args);
            case "States.UUID" -> StepFunctionsJson.NODES.stringNode(UUID.randomUUID().toString());
            default -> throw failure("Unknown function " + name);
        };
    }

    private JsonNode arg(List<JsonNode> args, int index) {
        if (index >= args.size()) {
            throw failure("Invalid number of arguments");
        }
        return args.get(index);
    }

    private JsonNode arg(List<JsonNode> args, int index, int count) {
        if (args.size() != count) {
            throw failure("Invalid number of arguments");
        }
        return args.get(index);
    }

    private ArrayNode array(List<JsonNode> args, int index) {
        if (arg(args, index) instanceof ArrayNode array) {
            return array;
        }
        throw failure("Argument %d must be an array".formatted(index + 1));
    }

    private long integer(JsonNode node) {
        if (!node.isNumber()) {
            throw failure("Expected a number but was " + StepFunctionsJson.text(node));
        }
        return Math.round(node.doubleValue());
    }

    private String string(JsonNode node) {
        if (!node.isString()) {
            throw failure("Expected a string but was " + StepFunctionsJson.text(node));
        }
        return node.stringValue();
    }

    private JsonNode format(List<JsonNode> args) {
        String template = string(arg(args, 0));
        var out = new StringBuilder();
        int next = 1;
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            if (c == '{' && i + 1 < template.length() && template.charAt(i + 1) == '}') {
                JsonNode value = arg(args, next++);
                out.append(readable(value));
                i++;
            } else {
                out.append(c);
            }
        }
        if (next != args.size()) {
            throw failure("Invalid number of arguments");
        }
        return StepFunctionsJson.NODES.stringNode(plain(out.toString()));
    }

    /// Formats objects and arrays like Java's maps and lists, as AWS does.
    private static String readable(JsonNode value) {
        if (value.isObject()) {
            return value.properties().stream()
                    .map(member -> member.getKey() + "=" + readable(member.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value.isArray()) {
            return value.valueStream()
                    .map(IntrinsicFunctions::readable)
                    .collect(Collectors.joining(", ", "[", "]"));
        }
        return StepFunctionsJson.stringOrJson(value);
    }

    /// An empty string becomes null, as on AWS.
    private JsonNode stringToJson(List<JsonNode> args) {
        String json = string(arg(args, 0, 1));
        if (json.isBlank()) {
            return StepFunctionsJson.NODES.nullNode();
        }
        try {
            return StepFunctionsJson.parse(json);
        } catch (JacksonException | IllegalArgumentException _) {
            throw failure("Invalid JSON");
        }
    }

    private JsonNode partition(List<JsonNode> args) {
        ArrayNode array = array(args, 0);
        long size = integer(arg(args, 1, 2));
        if (size < 1) {
            throw failure("The chunk size must be at least 1");
        }
        ArrayNode chunks = StepFunctionsJson.NODES.arrayNode();
        ArrayNode chunk = StepFunctionsJson.NODES.arrayNode();
        for (JsonNode e : array) {
            chunk.add(e);
            if (chunk.size() == size) {
                chunks.add(chunk);
                chunk = StepFunctionsJson.NODES.arrayNode();
            }
        }
        if (!chunk.isEmpty()) {
            chunks.add(chunk);
        }
        return chunks;
    }

    private JsonNode range(List<JsonNode> args) {
        long start = integer(arg(args, 0, 3));
        long end = integer(arg(args, 1, 3));
        long step = integer(arg(args, 2, 3));
        if (step == 0) {
            throw failure("The step must not be 0");
        }
        if ((end - start) / step + 1 > 1000) {
            throw failure("The range must not have more than 1000 elements");
        }
        ArrayNode array = StepFunctionsJson.NODES.arrayNode();
        for (long value = start; step > 0 ? value <= end : value >= end; value += step) {
            array.add(value);
        }
        return array;
    }

    private JsonNode hash(List<JsonNode> args) {
        JsonNode data = arg(args, 0, 2);
        String algorithm = string(arg(args, 1, 2));
        if (!JsonataExpressions.HASHES.contains(algorithm)) {
            throw failure("Unknown hash algorithm " + algorithm);
        }
        return StepFunctionsJson.NODES.stringNode(
                Digests.hex(algorithm, StepFunctionsJson.stringOrJson(data)));
    }

    private JsonNode merge(List<JsonNode> args) {
        JsonNode deep = arg(args, 2, 3);
        if (!(args.get(0) instanceof ObjectNode first)
                || !(args.get(1) instanceof ObjectNode second)) {
            throw failure("Only objects can be merged");
        }
        if (deep.asBoolean(false)) {
            throw failure("Only shallow merging is supported: the third argument must be false");
        }
        ObjectNode merged = first.deepCopy();
        merged.setAll(second);
        return merged;
    }

    private JsonNode split(List<JsonNode> args) {
        String value = string(arg(args, 0, 2));
        String separators = string(arg(args, 1, 2));
        ArrayNode parts = StepFunctionsJson.NODES.arrayNode();
        var part = new StringBuilder();
        for (char c : value.toCharArray()) {
            if (separators.indexOf(c) >= 0) {
                if (!part.isEmpty()) {
                    parts.add(part.toString());
                }
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        if (!part.isEmpty()) {
            parts.add(part.toString());
        }
        return parts;
    }
}
