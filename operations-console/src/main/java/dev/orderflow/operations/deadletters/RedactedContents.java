package dev.orderflow.operations.deadletters;

import dev.orderflow.defaults.text.UuidFormat;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What may be shown of a message's body: the fields of an allow list whose values look as they
/// should. A dead letter can hold anything, so everything else is left out, and so is a listed
/// field that holds something else.
///
/// @param orderId the order it is about, when one can be read
/// @param type its detail-type or command, or `unreadable`
/// @param shown what may be shown, by field
record RedactedContents(Optional<UUID> orderId, String type, Map<String, String> shown) {

    private static final String EXECUTION_ENDED = "Step Functions Execution Status Change";
    private static final Pattern NAME = Pattern.compile("[A-Z][A-Za-z]{0,59}");
    private static final Pattern CODE = Pattern.compile("[A-Z][A-Z_]{0,39}");
    private static final Pattern ERROR = Pattern.compile("[A-Za-z0-9_.-]{1,80}");
    private static final Pattern EVENT_ID = Pattern.compile("([0-9a-fA-F-]{36})/[A-Za-z]{1,60}");
    private static final String UNREADABLE = "unreadable";

    RedactedContents {
        shown = Collections.unmodifiableMap(new LinkedHashMap<>(shown));
    }

    /// Reads a body. Does not throw.
    static RedactedContents of(String body) {
        JsonNode root;
        try {
            root = JsonMapper.shared().readTree(body);
        } catch (JacksonException notJson) {
            return new RedactedContents(Optional.empty(), UNREADABLE, Map.of());
        }
        var type = text(root, "detail-type").or(() -> text(root, "command")).orElse("");
        var message = root.has("detail-type") ? root.path("detail") : root;
        boolean ended = type.equals(EXECUTION_ENDED);
        var shown = new LinkedHashMap<String, String>();
        if (ended || NAME.matcher(type).matches()) {
            shown.put("type", type);
        }
        var order = text(message, ended ? "name" : "orderId").flatMap(UuidFormat::parse);
        order.ifPresent(id -> shown.put("orderId", id.toString()));
        matching(message, "eventId", EVENT_ID, shown);
        number(message, "schemaVersion", shown);
        number(message, "orderVersion", shown);
        text(message, "occurredAt")
                .filter(RedactedContents::isInstant)
                .ifPresent(at -> shown.put("occurredAt", at));
        matching(message, "reason", CODE, shown);
        if (ended) {
            matching(message, "status", CODE, shown);
            matching(message, "error", ERROR, shown);
        }
        return new RedactedContents(order, shown.getOrDefault("type", UNREADABLE), shown);
    }

    private static void matching(
            JsonNode node, String field, Pattern pattern, Map<String, String> shown) {
        text(node, field)
                .filter(pattern.asMatchPredicate())
                .ifPresent(value -> shown.put(field, value));
    }

    private static void number(JsonNode node, String field, Map<String, String> shown) {
        if (node.path(field).isInt()) {
            shown.put(field, Integer.toString(node.path(field).intValue()));
        }
    }

    private static Optional<String> text(JsonNode node, String field) {
        return Optional.ofNullable(node.path(field).stringValue(null));
    }

    private static boolean isInstant(String text) {
        try {
            return text.length() <= 40 && !Instant.parse(text).equals(Instant.MIN);
        } catch (DateTimeParseException other) {
            return false;
        }
    }

    /// In words, for the audit trail.
    String inWords() {
        return shown.isEmpty() ? UNREADABLE : shown.toString();
    }
}
