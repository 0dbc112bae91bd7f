package dev.orderflow.operations.pages;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.operations.deadletters.DiscardedMessage;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The discarded messages that can still be restored, or were.
///
/// @param done what the reader has just done
/// @param filter the values of the filter by parameter
/// @param queues the dead-letter queues
/// @param next the address of the next page; empty on the last
public record DiscardedPage(
        PageContext context,
        Optional<String> done,
        Map<String, String> filter,
        List<String> queues,
        List<DiscardedMessage> messages,
        Optional<String> next) {

    /// A value of the filter.
    public String value(String parameter) {
        return filter.getOrDefault(parameter, "");
    }

    /// Whether the reader may restore them.
    public boolean mayRestore() {
        return context.may(OperatorRole.OPERATOR);
    }

    /// The address that restores a message.
    public static String restorationOf(DiscardedMessage message) {
        return "/dead-letters/discarded/%s/%s/restoration"
                .formatted(PageFormat.url(message.queue()), PageFormat.url(message.messageId()));
    }
}
