package dev.orderflow.inventory.stock;

import dev.orderflow.contracts.value.Sku;
import dev.orderflow.inventory.domain.StockMovement;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Queries of stock and ledger. They change nothing and take no locks.
public interface StockQueries {

    /// Finds an article with the sums of its ledger entries, both of the same moment.
    Optional<StockBalance> findBalance(Sku sku);

    /// Finds articles sorted by SKU, each with the sums of its ledger entries and of its
    /// reservations, all of the same moment.
    ///
    /// @param after only articles after this SKU; empty for the first page
    List<StockAudit> findAudits(Optional<Sku> after, int limit);

    /// Finds articles that changed, sorted by SKU, each with the totals of its last ledger entry,
    /// which continue those of the entry before, and with the sum of its reservations, all of the
    /// same moment. Unlike [#findAudits] it does not read the whole ledger.
    ///
    /// @param since changes that were recorded at this time or later. A transaction that began
    ///     shortly before it may commit later, so ask for a longer time than transactions take
    /// @param more articles to return in any case
    /// @param after only articles after this SKU; empty for the first page
    List<StockAudit> findChangedAudits(
            Instant since, Collection<Sku> more, Optional<Sku> after, int limit);

    /// The time of the database.
    Instant now();

    /// Finds articles sorted by SKU.
    ///
    /// @param after only articles after this SKU; empty for the first page
    List<StockLevel> findLevels(Optional<Sku> after, int limit);

    /// Finds the ledger entries of an article, newest first.
    ///
    /// @param before only entries with a smaller number
    List<StockLedgerEntry> findLedgerEntries(Sku sku, long before, int limit);

    /// The stock of an article with the sums of its ledger entries.
    ///
    /// @param level the stock
    /// @param entries the number of ledger entries
    /// @param received the sum of all receipts
    /// @param shipped the sum of all shipments
    /// @param ledgerOnHand the sum of the changes of the quantity on hand
    /// @param ledgerReserved the sum of the changes of the reserved quantity
    /// @param consistent whether stock and ledger are equal; false is a defect
    record StockBalance(
            StockLevel level,
            long entries,
            long received,
            long shipped,
            long ledgerOnHand,
            long ledgerReserved,
            boolean consistent) {}

    /// The stock of an article with the totals of its ledger and its reservations.
    ///
    /// @param reservedForOrders the sum of what reservations reserve
    record StockAudit(
            StockLevel level, long ledgerOnHand, long ledgerReserved, long reservedForOrders) {

        /// Whether stock, ledger and reservations are equal; false is a defect.
        public boolean isConsistent() {
            return level.onHand() == ledgerOnHand
                    && level.reserved() == ledgerReserved
                    && level.reserved() == reservedForOrders;
        }
    }

    /// An entry of the stock ledger.
    ///
    /// @param number grows with every change of the article
    /// @param orderId the order of the movement; empty for a receipt
    /// @param reference the reason of a receipt; empty for the movement of an order
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
