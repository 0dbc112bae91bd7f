package dev.orderflow.operations.auditor;

import java.util.List;
import java.util.UUID;

/// Whoever is asked.
interface Witnesses {

    /// Orders that changed, oldest change first.
    ///
    /// @param after where the last answer ended; empty to begin
    /// @throws NoWordException when order-service does not answer
    Changes changes(String after, int most);

    /// @param next where to go on
    record Changes(List<Evidence.Order> orders, String next) {}

    /// An order as it is now.
    ///
    /// @throws NoWordException when order-service does not answer, or does not know it
    Evidence.Order order(UUID id);

    /// What all the others say about orders.
    ///
    /// @throws NoWordException when one of them does not answer
    List<Evidence.OfOrder> about(List<Evidence.Order> orders);

    /// The books of all articles.
    ///
    /// @throws NoWordException when inventory-service does not answer
    List<Evidence.OfArticle> books();

    /// Somebody did not answer, so nothing can be concluded.
    final class NoWordException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoWordException(String whom, Throwable cause) {
            super(whom + " did not tell", cause);
        }
    }
}
