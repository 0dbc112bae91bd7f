package dev.orderflow.localcloud.ses;

import dev.orderflow.localcloud.wire.AwsErrorException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/// The header of a raw message, in the format of RFC 5322.
///
/// @param fields by name, in upper or lower case
record RawMessage(SequencedMap<String, String> fields) {

    /// Fields that a message may have once.
    private static final Set<String> UNIQUE =
            Set.of(
                    "bcc",
                    "cc",
                    "content-transfer-encoding",
                    "content-type",
                    "date",
                    "from",
                    "message-id",
                    "mime-version",
                    "reply-to",
                    "return-path",
                    "sender",
                    "subject",
                    "to");

    /// Parses a message.
    ///
    /// @param data the message in Base64
    /// @param invalid creates the error of an invalid value
    /// @throws AwsErrorException with the message of SES if the header is malformed or has no
    ///     sender
    static RawMessage parse(String data, Function<String, AwsErrorException> invalid) {
        String text;
        try {
            text = new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw invalid.apply("The raw message is not encoded in Base64.");
        }
        var fields = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        for (var line : unfold(text)) {
            int colon = line.indexOf(':');
            if (colon == 0) {
                throw invalid.apply("Empty header names are illegal.");
            }
            var name = colon < 0 ? line : line.substring(0, colon).stripTrailing();
            if (colon < 0 || !name.chars().allMatch(c -> c > ' ' && c < 127)) {
                throw invalid.apply("Illegal header '" + name + "'.");
            }
            if (fields.put(name, line.substring(colon + 1).strip()) != null
                    && UNIQUE.contains(name.toLowerCase(Locale.ROOT))) {
                throw invalid.apply("Duplicate header '" + name + "'.");
            }
        }
        var message = new RawMessage(fields);
        if (message.addresses("From").isEmpty()) {
            throw invalid.apply("Missing required header 'From'.");
        }
        return message;
    }

    /// The lines of the header; a line that begins with white space continues the one before.
    private static List<String> unfold(String text) {
        var lines = new ArrayList<String>();
        for (var line : text.split("\r?\n", -1)) {
            if (line.isEmpty()) {
                break;
            }
            if ((line.startsWith(" ") || line.startsWith("\t")) && !lines.isEmpty()) {
                lines.set(lines.size() - 1, lines.getLast() + line);
            } else {
                lines.add(line);
            }
        }
        return lines;
    }

    String from() {
        return addresses("From").getFirst();
    }

    /// The addresses that must be verified, besides the envelope's sender.
    List<String> senders() {
        return Stream.of("From", "Sender", "Return-Path")
                .flatMap(name -> addresses(name).stream())
                .toList();
    }

    /// The addresses of a field. A comma inside a quoted name does not separate two of them.
    List<String> addresses(String name) {
        return Optional.ofNullable(fields.get(name)).stream()
                .flatMap(value -> Stream.of(value.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)")))
                .map(String::strip)
                .filter(address -> !address.isEmpty())
                .toList();
    }
}
