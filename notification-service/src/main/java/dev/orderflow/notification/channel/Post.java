package dev.orderflow.notification.channel;

import dev.orderflow.notification.message.Letter;

/// Hands a mail over.
public interface Post {

    /// Hands one mail over, once. Never throws.
    Handed hand(String address, Letter letter);
}
