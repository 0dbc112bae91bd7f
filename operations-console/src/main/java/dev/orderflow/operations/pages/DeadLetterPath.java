package dev.orderflow.operations.pages;

import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.operations.deadletters.DeadLetterIndex.IndexedDeadLetter;
import dev.orderflow.operations.deadletters.DeadLetterQueries;
import dev.orderflow.operations.deadletters.DiscardedMessage;
import dev.orderflow.operations.session.MessagePages.MessagePage;
import org.springframework.http.HttpStatus;

/// The address of one dead letter, below which the pages about it are.
public final class DeadLetterPath {

    static final String PATTERN = "/dead-letters/{queue}/messages/{messageId}";

    static final String EDIT = "/edit";

    private DeadLetterPath() {}

    /// The address of the page of a message.
    public static String of(IndexedDeadLetter message) {
        return of(message.queue(), message.messageId());
    }

    /// The address of the page of a message.
    ///
    /// @param queue its dead-letter queue
    public static String of(String queue, String messageId) {
        return "/dead-letters/%s/messages/%s"
                .formatted(PageFormat.url(queue), PageFormat.url(messageId));
    }

    /// The address of the edit of a message.
    ///
    /// @param queue its dead-letter queue
    static String editOf(String queue, String messageId) {
        return of(queue, messageId) + EDIT;
    }

    /// Reads the queue of an address.
    ///
    /// @throws MessagePageException 404 when there is no such queue
    static String requireQueue(DeadLetterQueries queries, String queue) {
        return queries.findQueue(queue)
                .orElseThrow(
                        () ->
                                new MessagePageException(
                                        new MessagePage(
                                                HttpStatus.NOT_FOUND,
                                                "Dead-letter queue not found",
                                                "There is no dead-letter queue of this name.",
                                                "To the dead letters",
                                                "/dead-letters")));
    }

    /// Reads the message id of an address.
    ///
    /// @throws Problem 400 when it has characters that no id has
    static String requireId(String messageId) {
        if (!messageId.matches(DiscardedMessage.MESSAGE_ID_REGEX)) {
            throw Problem.invalid("messageId", "must be a message id of the list");
        }
        return messageId;
    }

    /// The answer for a message that has left its queue.
    static MessagePageException missing(String messageId) {
        return new MessagePageException(
                new MessagePage(
                        HttpStatus.NOT_FOUND,
                        "Dead letter not found",
                        "The queue does not hold message %s any more. It may have been redriven, edited or discarded meanwhile. Nothing was done."
                                .formatted(messageId),
                        "To the dead letters",
                        "/dead-letters"));
    }
}
