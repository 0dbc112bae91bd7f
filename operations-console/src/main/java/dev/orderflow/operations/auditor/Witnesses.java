package dev.orderflow.operations.auditor;

import java.util.List;
import java.util.Optional;
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

    /// The orders whose payments were given back or cancelled at the gateway since a cursor, by
    /// whomever.
    ///
    /// @param after where the last answer ended; empty to begin
    /// @return none when the gateway no longer remembers what was after the cursor
    /// @throws NoWordException when payment-service does not answer
    Optional<GatewayChanges> gatewayChanges(String after, int most);

    /// @param next where to go on
    /// @param all whether there is no more to read
    record GatewayChanges(List<UUID> orders, String next, boolean all) {}

    /// What all the others say about orders.
    ///
    /// @throws NoWordException when one of them does not answer
    List<Evidence.OfOrder> about(List<Evidence.Order> orders);

    /// The books of all articles.
    ///
    /// @throws NoWordException when inventory-service does not answer
    List<Evidence.OfArticle> books();

    /// A service did not answer, so nothing can be concluded.
    class NoWordException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoWordException(String whom, Throwable cause) {
            super(whom + " did not tell", cause);
        }
    }

    /// order-service answered that there is no such order.
    final class NoSuchOrderException extends NoWordException {
        private static final long serialVersionUID = 1L;

        NoSuchOrderException(Throwable cause) {
            super("order-service", cause);
        }
    }
}
