package dev.orderflow.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Parses and writes events and commands.
///
/// Unknown fields are ignored, since a publisher may add some within a version. A missing field, a
/// wrong type or an unknown enum value is [ParsedMessage.Malformed].
public final class MessageCodec {

    private static final int NEWEST_VERSION = 1;

    private static final Map<String, Class<? extends OrderEvent>> EVENTS =
            permittedTypes(OrderEvent.class);

    private static final Map<String, Class<? extends WorkflowCommand>> COMMANDS =
            permittedTypes(WorkflowCommand.class);

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .changeDefaultPropertyInclusion(
                            any -> any.withValueInclusion(JsonInclude.Include.NON_NULL))
                    .build();

    private MessageCodec() {}

    /// The records of a sealed interface by their simple names, which are the message types.
    private static <M> Map<String, Class<? extends M>> permittedTypes(Class<M> sealedType) {
        return Arrays.stream(sealedType.getPermittedSubclasses())
                .collect(
                        Collectors.toUnmodifiableMap(
                                Class::getSimpleName, type -> type.asSubclass(sealedType)));
    }

    /// Writes an event as the `detail` of a `PutEvents` entry.
    public static String write(OrderEvent event) {
        return JSON.writeValueAsString(event);
    }

    /// Writes a claim check as the `detail` of a `PutEvents` entry.
    public static String write(ClaimCheck claimCheck) {
        return JSON.writeValueAsString(claimCheck);
    }

    /// Writes a command as the body of a queue message.
    public static String write(WorkflowCommand command) {
        return JSON.writeValueAsString(command);
    }

    /// Parses the `detail` of an event without envelope, as its publisher stores it.
    ///
    /// @param type its `detail-type`
    public static ParsedMessage<OrderEvent> readDetail(String type, String detail) {
        try {
            return read(JSON.readTree(detail), type, EVENTS, Optional.empty());
        } catch (JacksonException | IllegalArgumentException malformed) {
            return new ParsedMessage.Malformed<>(describe(malformed));
        }
    }

    /// Parses the body of a queue message from a rule: an event in the envelope of EventBridge. A
    /// [ClaimCheck] must be redeemed before.
    public static ParsedMessage<OrderEvent> readEvent(String body) {
        try {
            var envelope = JSON.readTree(body);
            var type = text(envelope, "detail-type");
            return read(envelope.path("detail"), type, EVENTS, Optional.of(envelopeOf(envelope)));
        } catch (JacksonException | IllegalArgumentException | DateTimeParseException malformed) {
            return new ParsedMessage.Malformed<>(describe(malformed));
        }
    }

    /// Parses the body of a queue message from the workflow.
    public static ParsedMessage<WorkflowCommand> readCommand(String body) {
        try {
            var command = JSON.readTree(body);
            return read(command, text(command, "command"), COMMANDS, Optional.empty());
        } catch (JacksonException | IllegalArgumentException malformed) {
            return new ParsedMessage.Malformed<>(describe(malformed));
        }
    }

    private static <M> ParsedMessage<M> read(
            JsonNode message,
            String type,
            Map<String, ? extends Class<? extends M>> known,
            Optional<ParsedMessage.Envelope> envelope) {
        var recordType = known.get(type);
        if (recordType == null) {
            return new ParsedMessage.UnknownType<>(type);
        }
        var version = message.path("schemaVersion");
        if (!version.isInt()) {
            return new ParsedMessage.Malformed<>("schemaVersion must be a whole number");
        }
        if (version.intValue() > NEWEST_VERSION) {
            return new ParsedMessage.UnsupportedVersion<>(type, version.intValue());
        }
        if (message.path("claimCheck").isObject()) {
            return new ParsedMessage.Malformed<>("claim check was not redeemed");
        }
        return new ParsedMessage.ValidMessage<>(JSON.treeToValue(message, recordType), envelope);
    }

    private static ParsedMessage.Envelope envelopeOf(JsonNode envelope) {
        return new ParsedMessage.Envelope(
                text(envelope, "id"),
                Instant.parse(text(envelope, "time")),
                envelope.path("replay-name").stringValue(null));
    }

    private static String text(JsonNode node, String field) {
        var value = node.path(field);
        if (!value.isString() || value.stringValue().isBlank()) {
            throw new IllegalArgumentException(field + " must be a string");
        }
        return value.stringValue();
    }

    /// Describes the failure without quoting the message, which may contain personal data. The
    /// messages of the records quote nothing; those of Jackson and the JDK do.
    private static String describe(Exception malformed) {
        return switch (malformed) {
            case DateTimeParseException _ -> "time must be an ISO 8601 instant";
            case IllegalArgumentException ours -> String.valueOf(ours.getMessage());
            case StreamReadException syntax -> "not JSON" + place(syntax.getLocation());
            case DatabindException wrong
                    when wrong.getCause() instanceof IllegalArgumentException ours ->
                    String.valueOf(ours.getMessage());
            case DatabindException wrong -> path(wrong) + " is missing or invalid";
            default -> "not JSON";
        };
    }

    private static String place(@Nullable TokenStreamLocation where) {
        return where == null
                ? ""
                : " (line %d, column %d)".formatted(where.getLineNr(), where.getColumnNr());
    }

    /// The path of the field; unlike [DatabindException#getPathReference()], it contains no class
    /// names.
    private static String path(DatabindException wrong) {
        var path =
                wrong.getPath().stream()
                        .map(step -> step.getPropertyName() == null ? "[]" : step.getPropertyName())
                        .collect(Collectors.joining("."));
        return path.isEmpty() ? "the message" : path;
    }
}
