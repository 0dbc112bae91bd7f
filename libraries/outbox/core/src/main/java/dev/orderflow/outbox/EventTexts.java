package dev.orderflow.outbox;

/// Checks of texts that are stored with an event.
final class EventTexts {

    private EventTexts() {}

    /// Refuses what the database or a target cannot carry.
    ///
    /// @throws IllegalArgumentException when the text is blank, too long or contains control
    ///     characters
    static String require(String name, String text, int maxLength) {
        if (text.isBlank() || text.length() > maxLength) {
            throw new IllegalArgumentException(
                    "%s must have 1 to %d characters but had %d"
                            .formatted(name, maxLength, text.strip().length()));
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(name + " must not contain control characters");
        }
        return text;
    }
}
