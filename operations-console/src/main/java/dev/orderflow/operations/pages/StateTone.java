package dev.orderflow.operations.pages;

import java.util.Locale;

/// The colour of a state. Beside each colour stands a word, because not everybody sees colours.
public enum StateTone {
    /// As it should be.
    GOOD,
    /// An operator should look at it.
    WARNING,
    /// An operator must act.
    BAD,
    /// Under way.
    ACTIVE,
    /// Neither good nor bad.
    NEUTRAL;

    /// The class in the style sheet.
    public String css() {
        return name().toLowerCase(Locale.ROOT);
    }
}
