package dev.orderflow.localcloud.cloudwatch;

import dev.orderflow.localcloud.wire.AwsErrorException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Typed access to request members in any protocol; in the query protocol all values are strings.
final class CloudWatchParameters {

    private static final int MOST_DIMENSIONS = 30;
    private static final int LONGEST_TEXT = 1_024;
    private static final int LONGEST_NAME = 255;
    private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7E]+");
    private static final double LARGEST_NUMBER = Math.scalb(1.0, 360);
    private static final int LONGEST_PERIOD = 86_400;
    private static final Set<Integer> SHORT_PERIODS = Set.of(1, 5, 10, 20, 30);
    private static final Set<String> UNITS =
            Set.of(
                    "Seconds",
                    "Microseconds",
                    "Milliseconds",
                    "Bytes",
                    "Kilobytes",
                    "Megabytes",
                    "Gigabytes",
                    "Terabytes",
                    "Bits",
                    "Kilobits",
                    "Megabits",
                    "Gigabits",
                    "Terabits",
                    "Percent",
                    "Count",
                    "Bytes/Second",
                    "Kilobytes/Second",
                    "Megabytes/Second",
                    "Gigabytes/Second",
                    "Terabytes/Second",
                    "Bits/Second",
                    "Kilobits/Second",
                    "Megabits/Second",
                    "Gigabits/Second",
                    "Terabits/Second",
                    "Count/Second",
                    "None");

    private CloudWatchParameters() {}

    static String required(JsonNode input, String member) {
        var value = input.path(member);
        if (!value.isString()
                || value.stringValue().isEmpty()
                || value.stringValue().length() > LONGEST_TEXT) {
            throw missing(member);
        }
        return value.stringValue();
    }

    /// A text of at most so many characters.
    static String required(JsonNode input, String member, int longest) {
        requireLength(input.path(member).asString(""), member, longest);
        return required(input, member);
    }

    static void requireLength(String value, String member, int longest) {
        requireLength(value.length(), member, longest);
    }

    /// @param length number of characters of a text, or of members of a list
    static void requireLength(int length, String member, int longest) {
        if (length > longest) {
            throw validation(
                    "1 validation error detected: Value at '%s' failed to satisfy constraint: Member must have length less than or equal to %d"
                            .formatted(
                                    Character.toLowerCase(member.charAt(0)) + member.substring(1),
                                    longest));
        }
    }

    /// The name of a namespace, a metric or a dimension. Only that of a metric may begin with a
    /// colon.
    private static String name(JsonNode input, String member, boolean colonAllowed) {
        var value = input.path(member).asString("");
        if (value.length() > LONGEST_NAME) {
            throw invalid(
                    "The value for parameter %s must not be longer than %d characters."
                            .formatted(member, LONGEST_NAME));
        }
        var name = required(input, member);
        if (name.isBlank()
                || !PRINTABLE.matcher(name).matches()
                || !colonAllowed && name.startsWith(":")) {
            throw invalid(
                    "The value %s for parameter %s contains characters that are not allowed or begins with a colon."
                            .formatted(name, member));
        }
        return name;
    }

    static String namespace(JsonNode input) {
        return name(input, "Namespace", false);
    }

    static String metricName(JsonNode input) {
        return name(input, "MetricName", true);
    }

    /// Refuses two members of which a request may have one.
    static void requireNotBoth(JsonNode input, String one, String other) {
        if (!input.path(one).isEmpty() && !input.path(other).isEmpty()
                || input.path(one).isString() && input.path(other).isString()) {
            throw AwsErrorException.of(
                    400,
                    "InvalidParameterCombinationException",
                    "InvalidParameterCombination",
                    "The parameters %s and %s are mutually exclusive and you have specified both."
                            .formatted(one, other));
        }
    }

    static @Nullable String optional(JsonNode input, String member) {
        var value = input.path(member);
        return value.isString() && !value.stringValue().isEmpty() ? value.stringValue() : null;
    }

    static boolean flag(JsonNode input, String member, boolean otherwise) {
        var value = input.path(member);
        return value.isMissingNode() || value.isNull()
                ? otherwise
                : value.asString("").equals("true");
    }

    static String oneOf(
            JsonNode input, String member, @Nullable String otherwise, Set<String> allowed) {
        var value = input.path(member).asString(otherwise);
        if (value == null || !allowed.contains(value)) {
            throw invalid(
                    "The value for parameter "
                            + member
                            + " must be one of "
                            + allowed.stream().sorted().toList());
        }
        return value;
    }

    /// One of the allowed values, or null when absent.
    static @Nullable String optionalOneOf(JsonNode input, String member, Set<String> allowed) {
        return input.hasNonNull(member) ? oneOf(input, member, null, allowed) : null;
    }

    /// The order of `ScanBy`; the newest comes first unless it says otherwise.
    static boolean isAscending(JsonNode input) {
        return oneOf(
                        input,
                        "ScanBy",
                        "TimestampDescending",
                        Set.of("TimestampDescending", "TimestampAscending"))
                .equals("TimestampAscending");
    }

    static @Nullable String unit(JsonNode input) {
        return optionalOneOf(input, "Unit", UNITS);
    }

    static List<String> strings(JsonNode input, String member) {
        var strings = new ArrayList<String>();
        for (var item : input.path(member)) {
            if (!item.isString()) {
                throw invalid("The value for parameter " + member + " must be a list of strings.");
            }
            strings.add(item.stringValue());
        }
        return strings;
    }

    static Map<String, String> dimensions(JsonNode input) {
        var dimensions = new HashMap<String, String>();
        for (var dimension : input.path("Dimensions")) {
            var name = name(dimension, "Name", false);
            var value = required(dimension, "Value");
            if (value.isBlank() || !PRINTABLE.matcher(value).matches()) {
                throw invalid(
                        "The value %s for parameter Dimensions.member.Value contains characters that are not allowed."
                                .formatted(value));
            }
            if (dimensions.put(name, value) != null) {
                throw invalid(
                        "No repeated names are allowed in the list of dimensions. %s is repeated."
                                .formatted(name));
            }
        }
        if (dimensions.size() > MOST_DIMENSIONS) {
            throw invalid(
                    "The collection Dimensions must not have a size greater than "
                            + MOST_DIMENSIONS
                            + ".");
        }
        return dimensions;
    }

    static MetricId metric(JsonNode input) {
        return new MetricId(namespace(input), metricName(input), dimensions(input));
    }

    static double[] numbers(JsonNode input, String member) {
        var values = input.path(member);
        var numbers = new double[values.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = asNumber(values.path(i), member);
        }
        return numbers;
    }

    static double number(JsonNode input, String member) {
        if (!input.hasNonNull(member)) {
            throw missing(member);
        }
        return asNumber(input.path(member), member);
    }

    private static double asNumber(JsonNode value, String member) {
        try {
            double number =
                    value.isNumber() ? value.doubleValue() : Double.parseDouble(value.asString(""));
            if (Math.abs(number) <= LARGEST_NUMBER) {
                return number;
            }
        } catch (NumberFormatException _) {
            // rejected below, like a number that is too large
        }
        throw invalid(
                "The value for parameter " + member + " must be a number from -2^360 to 2^360.");
    }

    static int whole(JsonNode input, String member) {
        return whole(input, member, 1);
    }

    static int whole(JsonNode input, String member, int least) {
        double number = number(input, member);
        if (number < least || number > Integer.MAX_VALUE || number != Math.rint(number)) {
            throw invalid(
                    "The value for parameter %s must be a whole number of at least %d."
                            .formatted(member, least));
        }
        return (int) number;
    }

    /// A period: 1, 5, 10, 20, 30 or a multiple of 60 seconds.
    static int period(JsonNode input) {
        int period = whole(input, "Period");
        if (!SHORT_PERIODS.contains(period) && (period % 60 != 0 || period > LONGEST_PERIOD)) {
            throw invalid(
                    "The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60, of at most a day.");
        }
        return period;
    }

    /// A timestamp: epoch seconds in JSON and CBOR, ISO 8601 in the query protocol.
    static Instant instant(JsonNode input, String member) {
        if (!input.hasNonNull(member)) {
            throw missing(member);
        }
        var value = input.path(member);
        try {
            return value.isNumber()
                    ? Instant.ofEpochMilli((long) (value.doubleValue() * 1000))
                    : OffsetDateTime.parse(value.asString("")).toInstant();
        } catch (DateTimeException _) {
            throw invalid("The value for parameter " + member + " must be a time.");
        }
    }

    static int most(JsonNode input, String member, int otherwise, int limit) {
        int most = input.hasNonNull(member) ? whole(input, member) : otherwise;
        if (most > limit) {
            throw invalid("The parameter " + member + " must be at most " + limit + ".");
        }
        return most;
    }

    static AwsErrorException missing(String member) {
        return AwsErrorException.of(
                400,
                "MissingRequiredParameterException",
                "MissingParameter",
                "The parameter " + member + " is required.");
    }

    static AwsErrorException unsupported(String what) {
        return invalid("local-cloud does not support " + what);
    }

    static AwsErrorException invalid(String message) {
        return AwsErrorException.of(
                400, "InvalidParameterValueException", "InvalidParameterValue", message);
    }

    /// An error for the limits of expressions and ids of GetMetricData.
    static AwsErrorException validation(String message) {
        return AwsErrorException.client("ValidationError", message);
    }
}
