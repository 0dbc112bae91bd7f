package dev.orderflow.notification.channel;

import dev.orderflow.notification.message.Letter;

/// Hands a mail over.
public interface Post {

    /// What became of a mail.
    enum Handed {
        /// It is on its way.
        OVER,
        /// It was refused and has certainly not left; a later try may go better.
        NOT_NOW,
        /// It was refused for good.
        NEVER,
        /// No answer: it may have left.
        UNKNOWN
    }

    /// Hands one mail over. Never throws.
    Handed hand(String address, Letter letter);
}
