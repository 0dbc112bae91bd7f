package dev.orderflow.operations.auditor;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The services whose records the auditor compares.
interface ServiceClients {

    /// Orders that changed, oldest change first.
    ///
    /// @param after where the last answer ended; empty to begin
    /// @throws ServiceUnavailableException when order-service does not answer
    OrderChangesPage changes(String after, int most);

    /// @param next where to go on
    record OrderChangesPage(List<AuditSnapshot.OrderRecord> orders, String next) {}

    /// An order as it is now.
    ///
    /// @throws ServiceUnavailableException when order-service does not answer, or does not know it
    AuditSnapshot.OrderRecord order(UUID id);

    /// The orders whose payments were given back or cancelled at the gateway since a cursor, by
    /// whomever.
    ///
    /// @param after where the last answer ended; empty to begin
    /// @return none when the gateway no longer remembers what was after the cursor
    /// @throws ServiceUnavailableException when payment-service does not answer
    Optional<GatewayChangesPage> gatewayChanges(String after, int most);

    /// @param next where to go on
    /// @param all whether there is no more to read
    record GatewayChangesPage(List<UUID> orders, String next, boolean all) {}

    /// What all the others say about orders.
    ///
    /// @throws ServiceUnavailableException when one of them does not answer
    List<AuditSnapshot.OrderRecords> recordsOf(List<AuditSnapshot.OrderRecord> orders);

    /// The books of all articles.
    ///
    /// @throws ServiceUnavailableException when inventory-service does not answer
    List<AuditSnapshot.ArticleBalance> articleBalances();

    /// A service did not answer, or its answer was incomplete, so nothing can be concluded.
    class ServiceUnavailableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private ServiceUnavailableException(String message, Throwable cause) {
            super(message, cause);
        }

        static ServiceUnavailableException of(String service, Throwable cause) {
            return new ServiceUnavailableException(service + " returned no usable response", cause);
        }
    }

    /// order-service answered that there is no such order.
    final class UnknownOrderException extends ServiceUnavailableException {
        private static final long serialVersionUID = 1L;

        UnknownOrderException(Throwable cause) {
            super("order-service does not know the order", cause);
        }
    }
}
