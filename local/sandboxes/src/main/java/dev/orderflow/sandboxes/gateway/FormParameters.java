package dev.orderflow.sandboxes.gateway;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The form parameters of a request: `metadata[order_id]=…&expand[0]=…`.
final class FormParameters {

    private static final Pattern NAME = Pattern.compile("([a-z_]+)((?:\\[[A-Za-z0-9_-]{0,40}])*)");

    private final TreeMap<String, String> values = new TreeMap<>();

    /// @throws StripeError if the text is not a valid form
    static FormParameters parse(String text) {
        var form = new FormParameters();
        if (text.isEmpty()) {
            return form;
        }
        for (var pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            var name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            var value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
            if (!NAME.matcher(name).matches()) {
                throw StripeError.invalid(
                        "parameter_unknown", null, "The name of a parameter is malformed.");
            }
            if (form.values.putIfAbsent(name, value) != null) {
                throw StripeError.invalid(
                        "parameter_invalid_string_blank", name, name + " is given twice.");
            }
        }
        return form;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw StripeError.invalid(null, null, "The body is not a form.");
        }
    }

    /// @throws StripeError if there is a parameter that the endpoint does not support
    FormParameters only(Set<String> supported) {
        for (var name : values.keySet()) {
            var matcher = NAME.matcher(name);
            if (!matcher.matches() || !supported.contains(matcher.group(1))) {
                throw StripeError.invalid(
                        "parameter_unknown",
                        name,
                        "Received unknown parameter, or one that the sandbox gateway does not support: "
                                + name);
            }
        }
        return this;
    }

    Optional<String> find(String name) {
        return Optional.ofNullable(values.get(name));
    }

    String required(String name) {
        return find(name)
                .filter(value -> !value.isBlank())
                .orElseThrow(
                        () ->
                                StripeError.invalid(
                                        "parameter_missing",
                                        name,
                                        "Missing required param: " + name + "."));
    }

    Optional<Long> wholeNumber(String name) {
        return find(name)
                .map(
                        text -> {
                            if (!text.matches("[0-9]{1,12}")) {
                                throw StripeError.invalid(
                                        "parameter_invalid_integer",
                                        name,
                                        "Invalid integer for " + name + ".");
                            }
                            return Long.parseLong(text);
                        });
    }

    /// The values of `name[]`, `name[0]`, `name[1]`…
    Stream<String> list(String name) {
        return values.entrySet().stream()
                .filter(
                        entry ->
                                entry.getKey().startsWith(name + "[")
                                        && entry.getKey().indexOf('[', name.length() + 1) < 0)
                .map(Map.Entry::getValue);
    }

    /// The entries `name[key]`.
    Map<String, String> map(String name) {
        var map = new HashMap<String, String>();
        values.forEach(
                (key, value) -> {
                    if (key.startsWith(name + "[") && key.endsWith("]")) {
                        map.put(key.substring(name.length() + 1, key.length() - 1), value);
                    }
                });
        return map;
    }

    /// Equal for the same parameters in any order.
    @Override
    public String toString() {
        return values.toString();
    }
}
