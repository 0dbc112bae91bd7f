package dev.orderflow.localcloud.wire;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NumericNode;
import tools.jackson.databind.node.ObjectNode;

/// Typed access to the members of a request. An unsupported member is rejected by name instead of
/// ignored, and a value of the wrong type never causes a 500.
///
/// In the query protocol every scalar is a string, so numbers and booleans are also parsed from
/// strings, and a map may be a list of key-value entries.
public final class RequestMembers {

    private static final int LONGEST_QUOTE = 200;

    private final String place;
    private final ObjectNode node;
    private final Function<String, AwsErrorException> invalid;

    private RequestMembers(
            String place, ObjectNode node, Function<String, AwsErrorException> invalid) {
        this.place = place;
        this.node = node;
        this.invalid = invalid;
    }

    /// @param known supported members; any other non-null member is rejected
    /// @param invalid creates this service's error for an invalid value, for example
    ///     [AwsErrorException#validation(String)]
    public static RequestMembers of(
            AwsRequest request, Function<String, AwsErrorException> invalid, Set<String> known) {
        return of(request.operation(), request.input(), invalid, known);
    }

    /// Same as above, for an object inside a request.
    public static RequestMembers of(
            String place,
            ObjectNode node,
            Function<String, AwsErrorException> invalid,
            Set<String> known) {
        for (var member : node.properties()) {
            if (!known.contains(member.getKey()) && !member.getValue().isNull()) {
                throw invalid.apply(
                        "local-cloud does not support the parameter %s of %s"
                                .formatted(quote(member.getKey()), place));
            }
        }
        return new RequestMembers(place, node, invalid);
    }

    /// The underlying object.
    public ObjectNode node() {
        return node;
    }

    /// Whether the member is present and not null.
    public boolean has(String name) {
        return node.hasNonNull(name);
    }

    /// A required string.
    public String required(String name) {
        var value = optional(name);
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    /// A required string that matches a pattern.
    public String required(String name, Pattern pattern, int longest) {
        var value = required(name);
        check(name, value, pattern, longest);
        return value;
    }

    /// A string, or null when absent.
    public @Nullable String optional(String name) {
        var value = node.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (value.isString()) {
            return value.stringValue();
        }
        throw wrongType(name, "a string");
    }

    /// A string of limited length, or null when absent.
    public @Nullable String optional(String name, int longest) {
        var value = optional(name);
        if (value != null && value.length() > longest) {
            throw tooLong(name, value, longest);
        }
        return value;
    }

    /// An integer within bounds, or a default when absent.
    public int integer(String name, int least, int most, int otherwise) {
        var value = node.get(name);
        if (value == null || value.isNull()) {
            return otherwise;
        }
        long number;
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            number = value.longValue();
        } else if (value.isString()) {
            try {
                number = Long.parseLong(value.stringValue());
            } catch (NumberFormatException _) {
                throw wrongType(name, "an integer");
            }
        } else {
            throw wrongType(name, "an integer");
        }
        if (number < least || number > most) {
            throw constraint(
                    name,
                    Long.toString(number),
                    number < least
                            ? "Member must have value greater than or equal to " + least
                            : "Member must have value less than or equal to " + most);
        }
        return (int) number;
    }

    /// A boolean, false when absent.
    public boolean flag(String name) {
        var value = node.get(name);
        if (value == null || value.isNull()) {
            return false;
        }
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        if (value.isString() && Set.of("true", "false").contains(value.stringValue())) {
            return value.stringValue().equals("true");
        }
        throw wrongType(name, "a boolean");
    }

    /// A timestamp in epoch seconds or ISO 8601, or null when absent.
    public @Nullable Instant timestamp(String name) {
        var value = node.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        try {
            // JSON such as 1e400 is read as an infinite double, which no decimal can hold.
            if (value instanceof NumericNode number && !number.isNaN()) {
                var seconds = number.decimalValue();
                if (seconds.abs().compareTo(BigDecimal.valueOf(253_402_300_799L)) > 0) {
                    throw wrongType(name, "a timestamp");
                }
                return Instant.ofEpochMilli(seconds.movePointRight(3).longValue());
            }
            if (value.isString()) {
                return Instant.parse(value.stringValue());
            }
        } catch (DateTimeParseException _) {
            throw wrongType(name, "a timestamp");
        } catch (DateTimeException | ArithmeticException _) {
            throw wrongType(name, "a timestamp");
        }
        throw wrongType(name, "a timestamp");
    }

    /// A required timestamp.
    public Instant requiredTimestamp(String name) {
        var value = timestamp(name);
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    /// A list of strings, empty when absent.
    public List<String> strings(String name) {
        var texts = new ArrayList<String>();
        for (JsonNode element : list(name)) {
            if (!element.isString()) {
                throw wrongType(name, "a list of strings");
            }
            texts.add(element.stringValue());
        }
        return texts;
    }

    /// A list of objects, empty when absent.
    public List<ObjectNode> objects(String name) {
        var objects = new ArrayList<ObjectNode>();
        for (JsonNode element : list(name)) {
            if (!(element instanceof ObjectNode object)) {
                throw wrongType(name, "a list of structures");
            }
            objects.add(object);
        }
        return objects;
    }

    /// An object, or null when absent.
    public @Nullable RequestMembers child(String name, Set<String> known) {
        var value = node.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (value instanceof ObjectNode object) {
            return of(name, object, invalid, known);
        }
        throw wrongType(name, "a structure");
    }

    /// A map, empty when absent. A list of `{key, value}` or `{Name, Value}` entries is accepted as
    /// a map.
    public Map<String, JsonNode> map(String name) {
        var value = node.get(name);
        var map = new LinkedHashMap<String, JsonNode>();
        if (value == null || value.isNull()) {
            return map;
        }
        if (value instanceof ObjectNode object
                && object.size() == 1
                && object.get("entry") instanceof JsonNode entries
                && entries.isArray()) {
            value = entries;
        }
        if (value instanceof ObjectNode object) {
            object.properties().forEach(e -> map.put(e.getKey(), e.getValue()));
            return map;
        }
        if (value.isArray()) {
            for (JsonNode entry : value) {
                var key = entry.hasNonNull("key") ? entry.get("key") : entry.get("Name");
                var held = entry.hasNonNull("value") ? entry.get("value") : entry.get("Value");
                if (key == null || !key.isString() || held == null) {
                    throw wrongType(name, "a map");
                }
                map.put(key.stringValue(), held);
            }
            return map;
        }
        throw wrongType(name, "a map");
    }

    /// A map of strings, empty when absent.
    public Map<String, String> stringMap(String name) {
        var texts = new LinkedHashMap<String, String>();
        map(name)
                .forEach(
                        (key, value) -> {
                            if (!value.isString()) {
                                throw wrongType(name, "a map of strings");
                            }
                            texts.put(key, value.stringValue());
                        });
        return texts;
    }

    /// Rejects a string that is empty, too long or does not match the pattern.
    public void check(String name, String value, Pattern pattern, int longest) {
        if (value.isEmpty()) {
            throw constraint(name, value, "Member must have length greater than or equal to 1");
        }
        if (value.length() > longest) {
            throw tooLong(name, value, longest);
        }
        if (!pattern.matcher(value).matches()) {
            throw constraint(
                    name,
                    value,
                    "Member must satisfy regular expression pattern: " + pattern.pattern());
        }
    }

    /// Creates the error for a value that violates a constraint of the API model.
    public AwsErrorException constraint(String name, String value, String rule) {
        return invalid.apply(
                "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: %s"
                        .formatted(quote(value), camel(name), rule));
    }

    private AwsErrorException tooLong(String name, String value, int longest) {
        return constraint(name, value, "Member must have length less than or equal to " + longest);
    }

    private AwsErrorException missing(String name) {
        return invalid.apply(
                "1 validation error detected: Value null at '%s' failed to satisfy constraint: Member must not be null"
                        .formatted(camel(name)));
    }

    private AwsErrorException wrongType(String name, String kind) {
        return invalid.apply("Parameter %s of %s must be %s".formatted(name, place, kind));
    }

    private Iterable<JsonNode> list(String name) {
        var value = node.get(name);
        if (value == null || value.isNull()) {
            return List.of();
        }
        if (value.isArray()) {
            return value;
        }
        if (value.isString() && value.stringValue().isEmpty()) {
            return List.of();
        }
        throw wrongType(name, "a list");
    }

    private static String quote(String text) {
        return text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "...";
    }

    private static String camel(String name) {
        return name.isEmpty() ? name : Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }
}
