package dev.orderflow.inventory.persistence;

import dev.orderflow.contracts.value.Sku;
import dev.orderflow.inventory.stock.StockLevel;
import dev.orderflow.inventory.stock.StockQueries;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/// A row of the view `stock_balance`: stock with the sums of its ledger entries.
@Entity
@Immutable
@Table(name = "stock_balance")
class StockBalanceRow {

    @Id private String sku;

    private long onHand;

    private long reserved;

    private long entries;

    private long received;

    private long shipped;

    private long ledgerOnHand;

    private long ledgerReserved;

    private boolean consistent;

    /// Required by JPA.
    @SuppressWarnings("NullAway.Init")
    protected StockBalanceRow() {}

    StockQueries.StockBalance toBalance() {
        return new StockQueries.StockBalance(
                new StockLevel(new Sku(sku), onHand, reserved),
                entries,
                received,
                shipped,
                ledgerOnHand,
                ledgerReserved,
                consistent);
    }
}
