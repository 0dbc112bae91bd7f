package dev.orderflow.outbox.eventbridge;

import dev.orderflow.outbox.OutboxEvent;
import dev.orderflow.outbox.OutboxTarget.EntryResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How an event becomes a message of SNS or SQS, which are alike.
///
/// The body is the payload's text; a payload that is not text is Base64, and the attribute
/// `contentEncoding` says so. Attributes: `eventId`, `eventType`, `contentType`, and the headers as
/// far as ten attributes have room, in the sequence of their names, `traceparent` first.
final class AwsMessages {

    /// Messages may be larger in SQS; SNS and older limits accept this.
    static final int MAX_BYTES = 262_144;

    static final int MAX_EVENTS = 10;

    private static final int MAX_ATTRIBUTES = 10;
    private static final Pattern ATTRIBUTE_NAME =
            Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

    private static final int MAX_FIFO_TEXT = 128;
    private static final Pattern FIFO_TEXT = Pattern.compile("[\\x21-\\x7E]+");

    private AwsMessages() {}

    static String body(OutboxEvent event) {
        return event.payload().isText()
                ? event.payload().text()
                : Base64.getEncoder().encodeToString(event.payload().bytes());
    }

    static Map<String, String> attributes(OutboxEvent event) {
        var attributes = new TreeMap<String, String>();
        attributes.put("eventId", event.id());
        attributes.put("eventType", event.type());
        attributes.put("contentType", event.payload().contentType());
        if (!event.payload().isText()) {
            attributes.put("contentEncoding", "base64");
        }
        var traceParent = event.headers().get("traceparent");
        if (traceParent != null) {
            attributes.put("traceparent", traceParent);
        }
        for (var header : event.headers().entrySet()) {
            if (attributes.size() == MAX_ATTRIBUTES) {
                break;
            }
            if (isAttributeName(header.getKey())) {
                attributes.putIfAbsent(header.getKey(), header.getValue());
            }
        }
        return attributes;
    }

    private static boolean isAttributeName(String name) {
        var lowerCase = name.toLowerCase(Locale.ROOT);
        return ATTRIBUTE_NAME.matcher(name).matches()
                && !lowerCase.startsWith("aws.")
                && !lowerCase.startsWith("amazon.");
    }

    /// The bytes of body and attributes, as both services count them.
    static int bytes(OutboxEvent event) {
        int bytes = body(event).getBytes(StandardCharsets.UTF_8).length;
        for (var attribute : attributes(event).entrySet()) {
            bytes += attribute.getKey().length() + "String".length();
            bytes += attribute.getValue().getBytes(StandardCharsets.UTF_8).length;
        }
        return bytes;
    }

    /// A group or deduplication id: the text itself if FIFO permits it, otherwise its digest.
    static String fifoText(String text) {
        if (text.length() <= MAX_FIFO_TEXT && FIFO_TEXT.matcher(text).matches()) {
            return text;
        }
        return Sha256Hex.of(text.getBytes(StandardCharsets.UTF_8));
    }

    /// The results of a batch in the sequence of its events.
    ///
    /// @param codes by the entry's id, which is its index; null for an accepted entry
    static List<EntryResult> results(int events, Map<String, @Nullable String> codes) {
        var results = new ArrayList<EntryResult>();
        for (int i = 0; i < events; i++) {
            var id = Integer.toString(i);
            if (codes.containsKey(id)) {
                results.add(AwsCalls.toEntryResult(codes.get(id)));
            }
        }
        return results;
    }

    /// An empty map of codes for [#results], which may hold null.
    static Map<String, @Nullable String> newCodes() {
        return new HashMap<>();
    }
}
