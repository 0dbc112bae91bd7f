package dev.orderflow.operations.deadletters;

import dev.orderflow.contracts.MessageCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A message whose fields an operator may change before it is sent again.
///
/// The fields are those of the published schema of its type, without those that say which message
/// it is, what other services have already acted on, or how it is answered: ids, amounts, articles
/// and the task token. So an edited message has the same id as the original, and a consumer that
/// handles both does so once.
final class EditableMessage {

    /// The fields of all schemas that are never changed.
    private static final Set<String> PROTECTED =
            Set.of(
                    "eventId",
                    "command",
                    "orderId",
                    "customerRef",
                    "lines",
                    "total",
                    "taskToken",
                    "traceparent");

    private static final Pattern TYPE = Pattern.compile("[A-Z][A-Za-z]{0,59}");
    private static final int MAX_VALUE_LENGTH = 200;

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private final ObjectNode root;
    private final boolean isEvent;
    private final RedactedContents contents;
    private final Map<String, EditableField> fields;

    private EditableMessage(
            ObjectNode root,
            boolean isEvent,
            RedactedContents contents,
            Map<String, EditableField> fields) {
        this.root = root;
        this.isEvent = isEvent;
        this.contents = contents;
        this.fields = fields;
    }

    /// A field that may be changed.
    ///
    /// @param schema its part of the schema of the message
    record EditableField(String name, JsonNode schema) {

        /// What its value must be, as text for operators.
        String rule() {
            if (schema.has("const")) {
                return "must be " + schema.path("const").asString();
            }
            if (schema.has("enum")) {
                return "must be one of "
                        + schema.path("enum")
                                .valueStream()
                                .map(JsonNode::asString)
                                .collect(Collectors.joining(", "));
            }
            if (isInteger()) {
                return "must be a whole number of at least " + schema.path("minimum").asInt(0);
            }
            return isTime() ? "must be an ISO 8601 instant in UTC" : "must be text";
        }

        private boolean isInteger() {
            return schema.path("type").asString("").equals("integer")
                    || schema.path("const").isInt();
        }

        private boolean isTime() {
            return schema.path("format").asString("").equals("date-time");
        }

        /// The value as JSON; empty when it breaks the rule.
        Optional<JsonNode> parse(String text) {
            if (text.isEmpty() || text.length() > MAX_VALUE_LENGTH) {
                return Optional.empty();
            }
            try {
                JsonNode value =
                        isInteger()
                                ? JSON.getNodeFactory().numberNode(Integer.parseInt(text))
                                : JSON.getNodeFactory().stringNode(text);
                if (isTime()) {
                    var unused = Instant.parse(text);
                }
                return Optional.of(value).filter(this::isAllowed);
            } catch (NumberFormatException | DateTimeParseException _) {
                return Optional.empty();
            }
        }

        private boolean isAllowed(JsonNode value) {
            if (schema.has("const")) {
                return schema.path("const").equals(value);
            }
            if (schema.has("enum")) {
                return schema.path("enum").valueStream().anyMatch(value::equals);
            }
            return !isInteger() || value.intValue() >= schema.path("minimum").asInt(0);
        }
    }

    /// A changed field.
    ///
    /// @param before the value in the original, if it may be shown
    record FieldChange(String field, String before, String after) {

        String describe() {
            return "%s: %s -> %s".formatted(field, before, after);
        }
    }

    /// The result of [#apply].
    sealed interface EditResult {

        /// @param body the new body
        record Edited(String body, List<FieldChange> changes) implements EditResult {

            /// Without the body.
            @Override
            public String toString() {
                return "Edited" + changes;
            }
        }

        /// @param field the field that is wrong; `changes` when it is the whole message
        /// @param problem what is wrong, to follow the name of the field
        record InvalidEdit(String field, String problem) implements EditResult {}
    }

    /// Reads a body.
    ///
    /// @return empty when it is not a message of a published type, or is a claim check
    static Optional<EditableMessage> of(String body) {
        try {
            if (!(JSON.readTree(body) instanceof ObjectNode root)) {
                return Optional.empty();
            }
            boolean isEvent = root.has("detail-type");
            var type = root.path(isEvent ? "detail-type" : "command").stringValue("");
            if (isEvent && !(root.path("detail") instanceof ObjectNode)
                    || root.path("detail").has("claimCheck")) {
                return Optional.empty();
            }
            var fields = readFields(type);
            return fields.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            new EditableMessage(root, isEvent, RedactedContents.of(body), fields));
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }

    private static Map<String, EditableField> readFields(String type) {
        var fields = new LinkedHashMap<String, EditableField>();
        if (TYPE.matcher(type).matches()) {
            readSchema(type)
                    .path("properties")
                    .propertyStream()
                    .filter(property -> !PROTECTED.contains(property.getKey()))
                    .forEach(
                            property ->
                                    fields.put(
                                            property.getKey(),
                                            new EditableField(
                                                    property.getKey(), property.getValue())));
        }
        return fields;
    }

    private static JsonNode readSchema(String type) {
        var resource = "/contracts/%s.v1.schema.json".formatted(type);
        try (var schema = MessageCodec.class.getResourceAsStream(resource)) {
            return schema == null ? JSON.missingNode() : JSON.readTree(schema);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    List<EditableField> fields() {
        return List.copyOf(fields.values());
    }

    /// The present value of a field, if it has the expected format: a dead letter may contain
    /// anything.
    String show(String field) {
        var value = (isEvent ? root.path("detail") : root).path(field);
        if (value.isMissingNode() || value.isNull()) {
            return "(missing)";
        }
        return contents.fields().getOrDefault(field, "(not shown)");
    }

    /// Applies changes. The result is valid: its consumer can parse it.
    ///
    /// @param changes the new values by field
    EditResult apply(Map<String, String> changes) {
        var edited = root.deepCopy();
        var message = isEvent ? (ObjectNode) edited.path("detail") : edited;
        var diff = new ArrayList<FieldChange>();
        for (var change : changes.entrySet()) {
            var field = fields.get(change.getKey());
            if (field == null) {
                return new EditResult.InvalidEdit(
                        "changes", "may only have " + String.join(", ", fields.keySet()));
            }
            var value = field.parse(change.getValue());
            if (value.isEmpty()) {
                return new EditResult.InvalidEdit(field.name(), field.rule());
            }
            if (!value.get().equals(message.path(field.name()))) {
                diff.add(new FieldChange(field.name(), show(field.name()), change.getValue()));
                message.set(field.name(), value.get());
            }
        }
        if (diff.isEmpty()) {
            return new EditResult.InvalidEdit("changes", "must change the message");
        }
        var body = JSON.writeValueAsString(edited);
        var rejection =
                isEvent
                        ? MessageCodec.readEvent(body).rejectionReason()
                        : MessageCodec.readCommand(body).rejectionReason();
        return rejection
                .<EditResult>map(
                        reason ->
                                new EditResult.InvalidEdit(
                                        "changes", "leave a message that is not valid: " + reason))
                .orElseGet(() -> new EditResult.Edited(body, diff));
    }
}
