package dev.orderflow.operations.auditor;

import dev.orderflow.operations.services.ServiceUnavailableException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The services whose records the auditor compares.
interface ServiceClients {

    /// The orders that changed, the earliest change first.
    ///
    /// @param after the cursor of the page before; empty to begin
    /// @throws ServiceUnavailableException when order-service does not respond
    OrderChangesPage changes(String after, int most);

    /// @param next the cursor to continue at
    record OrderChangesPage(List<AuditSnapshot.OrderRecord> orders, String next) {}

    /// The current states of orders, read with one call.
    ///
    /// @param ids at most [dev.orderflow.contracts.value.StateBatchRequest#MAX_ORDERS]
    /// @return without the orders that order-service does not know
    /// @throws ServiceUnavailableException when order-service does not respond
    List<AuditSnapshot.OrderRecord> findOrders(List<UUID> ids);

    /// The orders whose payments were refunded or cancelled at the gateway since a cursor, also in
    /// its dashboard.
    ///
    /// @param after the cursor of the page before; empty to begin
    /// @return empty when the gateway no longer lists the changes after the cursor
    /// @throws ServiceUnavailableException when payment-service does not respond
    Optional<GatewayChangesPage> gatewayChanges(String after, int most);

    /// @param next the cursor to continue at
    /// @param complete whether this is the last page
    record GatewayChangesPage(List<UUID> orders, String next, boolean complete) {}

    /// What the other services recorded about orders.
    ///
    /// @throws ServiceUnavailableException when one of them does not respond
    List<AuditSnapshot.OrderRecords> recordsOf(List<AuditSnapshot.OrderRecord> orders);

    /// What the payment gateway recorded about orders that order-service does not know.
    ///
    /// @param ids as of [#findOrders]
    /// @return one for each id
    /// @throws ServiceUnavailableException when payment-service does not respond
    List<AuditSnapshot.UnknownOrder> chargesOf(List<UUID> ids);

    /// The stock, ledger sums and reservations of all articles. Reads the whole ledger.
    ///
    /// @throws ServiceUnavailableException when inventory-service does not respond
    ArticleBalances articleBalances();

    /// The stock, ledger totals and reservations of the articles that changed.
    ///
    /// @param since [ArticleBalances#readAt] of an earlier call
    /// @param more articles to read in any case
    /// @throws ServiceUnavailableException when inventory-service does not respond
    ArticleBalances changedArticleBalances(String since, List<String> more);

    /// @param readAt before anything was read, for [#changedArticleBalances]
    record ArticleBalances(List<AuditSnapshot.ArticleBalance> articles, String readAt) {}
}
