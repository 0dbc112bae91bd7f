package dev.orderflow.localcloud.pattern;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The fields that a set of patterns matches, and the limit on their values in an event.
///
/// Event Ruler keeps elements of one array together, so it tries the combinations of values of
/// different arrays; an event of one megabyte could take hours. An event with more than
/// [#MOST_VALUES] values in these fields is therefore not matched.
public final class MatchedFields {

    /// The maximum number of values of all fields together.
    public static final int MOST_VALUES = 5_000;

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Set<String> paths = new HashSet<>();

    /// @param patterns valid patterns
    public MatchedFields(Collection<String> patterns) {
        for (String pattern : patterns) {
            collect(JSON.readTree(pattern), "");
        }
    }

    private void collect(JsonNode node, String prefix) {
        for (var field : node.properties()) {
            if (field.getKey().equals("$or") && field.getValue().isArray()) {
                for (JsonNode branch : field.getValue()) {
                    collect(branch, prefix);
                }
            } else if (field.getValue().isObject()) {
                collect(field.getValue(), prefix + field.getKey() + ".");
            } else {
                paths.add(prefix + field.getKey());
            }
        }
    }

    /// Whether a JSON object has too many values to be matched.
    public boolean exceedsLimit(String event) {
        // A value has at least two characters, so most events need no closer check.
        if (event.length() < 2 * MOST_VALUES) {
            return false;
        }
        try {
            return count(JSON.readTree(event), "") > MOST_VALUES;
        } catch (JacksonException _) {
            return true;
        }
    }

    private long count(JsonNode node, String path) {
        long values = 0;
        if (node.isObject()) {
            for (var field : node.properties()) {
                var name = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
                values += count(field.getValue(), name);
            }
        } else if (node.isArray()) {
            for (JsonNode element : node) {
                values += count(element, path);
            }
        } else if (paths.contains(path)) {
            values = 1;
        }
        return values;
    }
}
