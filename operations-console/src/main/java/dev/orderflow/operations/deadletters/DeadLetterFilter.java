package dev.orderflow.operations.deadletters;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// Which dead letters are searched. Everything that is present must match.
///
/// @param queue a dead-letter queue
/// @param reasonPrefix how the reason begins, in either case
/// @param sentBefore only messages at least this old
/// @param sentAfter only messages at most this old
public record DeadLetterFilter(
        Optional<UUID> orderId,
        Optional<String> queue,
        Optional<String> type,
        Optional<String> fingerprint,
        Optional<String> reasonPrefix,
        Optional<Instant> sentBefore,
        Optional<Instant> sentAfter) {

    /// All dead letters of a queue.
    static DeadLetterFilter ofQueue(String queue) {
        return new DeadLetterFilter(
                Optional.empty(),
                Optional.of(queue),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /// Those of one cause.
    DeadLetterFilter withFingerprint(String cause) {
        return new DeadLetterFilter(
                orderId, queue, type, Optional.of(cause), reasonPrefix, sentBefore, sentAfter);
    }

    /// A place in the sequence of all dead letters, so that a page begins where the one before
    /// ended although messages come and go.
    public record Position(Instant sentAt, String queue, String messageId) {

        /// The form of a cursor, as a regular expression.
        public static final String CURSOR_REGEX = "[A-Za-z0-9_-]{1,400}";

        private static final Pattern TEXT =
                Pattern.compile("([0-9]{1,18})\\|([A-Za-z0-9_.-]{1,80})\\|([!-~]{1,100})");

        /// The place of a dead letter.
        public static Position of(DeadLetterIndex.IndexedDeadLetter letter) {
            return new Position(letter.sentAt(), letter.queue(), letter.messageId());
        }

        /// The place as an opaque cursor.
        public String toCursor() {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            "%d|%s|%s"
                                    .formatted(
                                            ChronoUnit.MICROS.between(Instant.EPOCH, sentAt),
                                            queue,
                                            messageId)
                                    .getBytes(StandardCharsets.UTF_8));
        }

        /// The place of a cursor; empty when it is none.
        public static Optional<Position> ofCursor(String cursor) {
            try {
                var text =
                        TEXT.matcher(
                                new String(
                                        Base64.getUrlDecoder().decode(cursor),
                                        StandardCharsets.UTF_8));
                return text.matches()
                        ? Optional.of(
                                new Position(
                                        Instant.EPOCH.plus(
                                                Long.parseLong(text.group(1)), ChronoUnit.MICROS),
                                        text.group(2),
                                        text.group(3)))
                        : Optional.empty();
            } catch (IllegalArgumentException _) {
                return Optional.empty();
            }
        }
    }
}
