package dev.orderflow.inventory.stock;

import dev.orderflow.contracts.value.Sku;
import dev.orderflow.inventory.domain.StockMovement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Reads stock and ledger. Changes nothing and waits for nobody.
public interface StockQueries {

    /// An article with the sums of its ledger, both as of one moment.
    Optional<StockBalance> findBalance(Sku sku);

    /// Articles by sku, each with the sums of its ledger and with what its reservations hold, all
    /// as of one moment.
    ///
    /// @param after only articles after this one; empty for the first ones
    List<StockAudit> findAudits(Optional<Sku> after, int most);

    /// Articles by sku.
    ///
    /// @param after only articles after this one; empty for the first ones
    List<StockLevel> findLevels(Optional<Sku> after, int most);

    /// An article's entries, newest first.
    ///
    /// @param before only entries older than this number
    List<StockLedgerEntry> findLedgerEntries(Sku sku, long before, int most);

    /// @param level what the shelf says
    /// @param entries how many changes there were
    /// @param received all that ever came in
    /// @param shipped all that ever left
    /// @param onHand the sum of the ledger's changes on hand
    /// @param reserved the sum of the ledger's changes of what is reserved
    /// @param addsUp whether shelf and ledger agree, which they always must
    record StockBalance(
            StockLevel level,
            long entries,
            long received,
            long shipped,
            long ledgerOnHand,
            long ledgerReserved,
            boolean consistent) {}

    /// @param heldForOrders the sum of what orders' reservations hold now
    record StockAudit(StockBalance balance, long heldForOrders) {

        /// Whether shelf, ledger and reservations agree, which they always must.
        public boolean isConsistent() {
            return balance.consistent() && balance.level().reserved() == heldForOrders;
        }
    }

    /// @param number grows with every change of the article
    /// @param orderId for whom; empty for a receipt
    /// @param reference why goods were received; empty for an order's movement
    record StockLedgerEntry(
            long number,
            StockMovement movement,
            long onHandChange,
            long reservedChange,
            long onHandAfter,
            long reservedAfter,
            Optional<UUID> orderId,
            Optional<String> reference,
            Instant recordedAt) {}
}
