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
import tools.jackson.databind.node.ObjectNode;

/// The members of a request, read strictly: a member nobody reads is refused by name instead of
/// being ignored, and a value of the wrong kind never becomes a 500.
///
/// From the Query protocol every scalar is a string, so numbers and booleans are also read from
/// text, and a map may come as a list of key-value entries.
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

    /// @param known the members that are supported; any other non-null member is refused
    /// @param invalid how this service words a bad value, for example
    ///     [AwsErrorException#validation(String)]
    public static RequestMembers of(
            AwsRequest request, Function<String, AwsErrorException> invalid, Set<String> known) {
        return of(request.operation(), request.input(), invalid, known);
    }

    /// As above, for an object inside a request.
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

    /// The object itself.
    public ObjectNode node() {
        return node;
    }

    /// Whether the member is there and not null.
    public boolean has(String name) {
        return node.hasNonNull(name);
    }

    /// A text that must be there.
    public String required(String name) {
        var value = optional(name);
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    /// A text that must be there and look like this.
    public String required(String name, Pattern pattern, int longest) {
        var value = required(name);
        check(name, value, pattern, longest);
        return value;
    }

    /// A text, or null when it is not there.
    public @Nullable String optional(String name) {
        var value = node.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (value.isString()) {
            return value.stringValue();
        }
        throw wrongKind(name, "a string");
    }

    /// A text no longer than this, or null when it is not there.
    public @Nullable String optional(String name, int longest) {
        var value = optional(name);
        if (value != null && value.length() > longest) {
            throw tooLong(name, value, longest);
        }
        return value;
    }

    /// A whole number within bounds, or the given one when it is not there.
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
                throw wrongKind(name, "an integer");
            }
        } else {
            throw wrongKind(name, "an integer");
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

    /// A boolean, false when it is not there.
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
        throw wrongKind(name, "a boolean");
    }

    /// A moment, in epoch seconds or ISO 8601, or null when it is not there.
    public @Nullable Instant moment(String name) {
        var value = node.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        try {
            if (value.isNumber()) {
                var seconds = value.decimalValue();
                if (seconds.abs().compareTo(BigDecimal.valueOf(253_402_300_799L)) > 0) {
                    throw wrongKind(name, "a timestamp");
                }
                return Instant.ofEpochMilli(seconds.movePointRight(3).longValue());
            }
            if (value.isString()) {
                return Instant.parse(value.stringValue());
            }
        } catch (DateTimeParseException _) {
            throw wrongKind(name, "a timestamp");
        } catch (DateTimeException | ArithmeticException _) {
            throw wrongKind(name, "a timestamp");
        }
        throw wrongKind(name, "a timestamp");
    }

    /// A moment that must be there.
    public Instant requiredMoment(String name) {
        var value = moment(name);
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    /// A list of texts, empty when it is not there.
    public List<String> strings(String name) {
        var texts = new ArrayList<String>();
        for (JsonNode element : list(name)) {
            if (!element.isString()) {
                throw wrongKind(name, "a list of strings");
            }
            texts.add(element.stringValue());
        }
        return texts;
    }

    /// A list of objects, empty when it is not there.
    public List<ObjectNode> objects(String name) {
        var objects = new ArrayList<ObjectNode>();
        for (JsonNode element : list(name)) {
            if (!(element instanceof ObjectNode object)) {
                throw wrongKind(name, "a list of structures");
            }
            objects.add(object);
        }
        return objects;
    }

    /// An object, or null when it is not there.
    public @Nullable RequestMembers child(String name, Set<String> known) {
        var value = node.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (value instanceof ObjectNode object) {
            return of(name, object, invalid, known);
        }
        throw wrongKind(name, "a structure");
    }

    /// A map, empty when it is not there; a list of `{key, value}` or `{Name, Value}` counts as
    /// one.
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
                    throw wrongKind(name, "a map");
                }
                map.put(key.stringValue(), held);
            }
            return map;
        }
        throw wrongKind(name, "a map");
    }

    /// A map of texts, empty when it is not there.
    public Map<String, String> stringMap(String name) {
        var texts = new LinkedHashMap<String, String>();
        map(name)
                .forEach(
                        (key, value) -> {
                            if (!value.isString()) {
                                throw wrongKind(name, "a map of strings");
                            }
                            texts.put(key, value.stringValue());
                        });
        return texts;
    }

    /// Refuses a text that is empty, too long or does not look like this.
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

    /// The error for a value that breaks a constraint of the API's model.
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

    private AwsErrorException wrongKind(String name, String kind) {
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
        throw wrongKind(name, "a list");
    }

    private static String quote(String text) {
        return text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "...";
    }

    private static String camel(String name) {
        return name.isEmpty() ? name : Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }
}
