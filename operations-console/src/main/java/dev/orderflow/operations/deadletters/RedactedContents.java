package dev.orderflow.operations.deadletters;

import dev.orderflow.defaults.delivery.MessageOrderId;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The contents of a message that may be shown: the fields of an allow list whose values have the
/// expected format. A dead letter may contain anything, so everything else is left out.
///
/// @param orderId the order of the message, when its id can be read
/// @param type its detail-type or command, or `unreadable`
/// @param fields the values that may be shown, by field name
record RedactedContents(Optional<UUID> orderId, String type, Map<String, String> fields) {

    private static final Pattern NAME = Pattern.compile("[A-Z][A-Za-z]{0,59}");
    private static final Pattern CODE = Pattern.compile("[A-Z][A-Z_]{0,39}");
    private static final Pattern ERROR = Pattern.compile("[A-Za-z0-9_.-]{1,80}");
    private static final Pattern EVENT_ID = Pattern.compile("([0-9a-fA-F-]{36})/[A-Za-z]{1,60}");
    private static final Pattern TRACE_PARENT =
            Pattern.compile("00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}");
    private static final String UNREADABLE = "unreadable";

    RedactedContents {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /// What is known of a message whose body is not at hand.
    static RedactedContents of(Optional<UUID> orderId, String type) {
        return new RedactedContents(orderId, type, Map.of());
    }

    /// Reads a body. Does not throw.
    static RedactedContents of(String body) {
        JsonNode root;
        try {
            root = JsonMapper.shared().readTree(body);
        } catch (JacksonException _) {
            return new RedactedContents(Optional.empty(), UNREADABLE, Map.of());
        }
        var type = text(root, "detail-type").or(() -> text(root, "command")).orElse("");
        var message = root.has("detail-type") ? root.path("detail") : root;
        boolean ended = type.equals(MessageOrderId.EXECUTION_ENDED);
        var fields = new LinkedHashMap<String, String>();
        if (ended || NAME.matcher(type).matches()) {
            fields.put("type", type);
        }
        var order = MessageOrderId.find(type, message);
        order.ifPresent(id -> fields.put("orderId", id.toString()));
        addMatching(message, "eventId", EVENT_ID, fields);
        text(message, "traceparent")
                .map(TRACE_PARENT::matcher)
                .filter(Matcher::matches)
                .ifPresent(found -> fields.put("traceId", found.group(1)));
        addNumber(message, "schemaVersion", fields);
        addNumber(message, "orderVersion", fields);
        text(message, "occurredAt")
                .filter(RedactedContents::isInstant)
                .ifPresent(at -> fields.put("occurredAt", at));
        addMatching(message, "reason", CODE, fields);
        if (ended) {
            addMatching(message, "status", CODE, fields);
            addMatching(message, "error", ERROR, fields);
        }
        return new RedactedContents(order, fields.getOrDefault("type", UNREADABLE), fields);
    }

    private static void addMatching(
            JsonNode node, String field, Pattern pattern, Map<String, String> fields) {
        text(node, field)
                .filter(pattern.asMatchPredicate())
                .ifPresent(value -> fields.put(field, value));
    }

    private static void addNumber(JsonNode node, String field, Map<String, String> fields) {
        if (node.path(field).isInt()) {
            fields.put(field, Integer.toString(node.path(field).intValue()));
        }
    }

    private static Optional<String> text(JsonNode node, String field) {
        return Optional.ofNullable(node.path(field).stringValue(null));
    }

    private static boolean isInstant(String text) {
        try {
            return text.length() <= 40 && !Instant.parse(text).equals(Instant.MIN);
        } catch (DateTimeParseException _) {
            return false;
        }
    }

    /// The contents as text for the audit trail.
    String describe() {
        return fields.isEmpty() ? UNREADABLE : fields.toString();
    }
}
