package dev.orderflow.operations.pages;

import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.text.TimeFormat;
import dev.orderflow.defaults.text.UuidFormat;
import dev.orderflow.operations.deadletters.FailureCause;
import dev.orderflow.operations.redrive.RedriveSelection;
import dev.orderflow.operations.redrive.RedriveTask.RedriveAction;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What a redrive or a discard selects, as the parameters of an address: all three steps have the
/// same ones, so that each can be sent to others.
///
/// @param values by parameter, without empty ones
public record RedriveForm(Map<String, String> values) {

    private static final String TYPE = "[A-Z][A-Za-z ]{0,59}|unreadable";
    private static final String PLAIN = "[\\x20-\\x7E]{1,300}";

    /// @param parameters of the request
    static RedriveForm of(Map<String, String> parameters) {
        var values = new TreeMap<String, String>();
        for (var name :
                List.of(
                        "queue",
                        "action",
                        "fingerprint",
                        "type",
                        "reasonPrefix",
                        "orderId",
                        "sentBefore")) {
            var value = parameters.getOrDefault(name, "").strip();
            if (!value.isEmpty()) {
                values.put(name, value);
            }
        }
        return new RedriveForm(values);
    }

    /// A value; empty for none.
    public String value(String name) {
        return values.getOrDefault(name, "");
    }

    /// What is done: a redrive, unless the form says otherwise.
    ///
    /// @throws Problem 400 when there is no such action
    public RedriveAction action() {
        return switch (value("action")) {
            case "", "redrive" -> RedriveAction.REDRIVE;
            case "discard" -> RedriveAction.DISCARD;
            default -> throw Problem.invalid("action", "must be redrive or discard");
        };
    }

    /// The query with these values.
    public String query() {
        return values.entrySet().stream()
                .map(value -> value.getKey() + "=" + PageFormat.url(value.getValue()))
                .collect(Collectors.joining("&", "?", ""));
    }

    /// The selected messages.
    ///
    /// @throws Problem 400 when a value is invalid
    RedriveSelection selection() {
        var fingerprint = value("fingerprint");
        if (!fingerprint.isEmpty()) {
            require(
                    "fingerprint",
                    FailureCause.FINGERPRINT_REGEX,
                    "must be a fingerprint of the list");
            return new RedriveSelection.ItemGroup(fingerprint);
        }
        require("type", TYPE, "must be the type of a message");
        require("reasonPrefix", PLAIN, "must be printable ASCII characters");
        var type = optional("type");
        var reason = optional("reasonPrefix");
        var orderId =
                optional("orderId")
                        .map(
                                text ->
                                        UuidFormat.parse(text)
                                                .orElseThrow(
                                                        () ->
                                                                Problem.invalid(
                                                                        "orderId",
                                                                        "must be the id of an order")));
        var sentBefore = optional("sentBefore").map(text -> toInstant("sentBefore", text));
        return type.isEmpty() && reason.isEmpty() && orderId.isEmpty() && sentBefore.isEmpty()
                ? new RedriveSelection.AllItems()
                : new RedriveSelection.MatchingItems(type, reason, orderId, sentBefore);
    }

    private Optional<String> optional(String name) {
        return Optional.ofNullable(values.get(name));
    }

    private void require(String name, String pattern, String rule) {
        if (values.containsKey(name) && !value(name).matches(pattern)) {
            throw Problem.invalid(name, rule);
        }
    }

    /// A time of a form, which is in UTC and may have no seconds, or of an address.
    static Instant toInstant(String name, String text) {
        return parseLocal(text)
                .or(() -> TimeFormat.parse(text))
                .filter(TimeFormat::isInRange)
                .orElseThrow(() -> Problem.invalid(name, TimeFormat.RULE));
    }

    private static Optional<Instant> parseLocal(String text) {
        try {
            return Optional.of(LocalDateTime.parse(text).toInstant(ZoneOffset.UTC));
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }
}
