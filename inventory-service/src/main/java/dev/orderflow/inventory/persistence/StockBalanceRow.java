package dev.orderflow.inventory.persistence;

import dev.orderflow.contracts.value.Sku;
import dev.orderflow.inventory.stock.StockLevel;
import dev.orderflow.inventory.stock.StockQueries;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/// Stock beside the sums of its ledger, as the view `stock_balance` has them.
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

    /// For Hibernate, which fills the fields in.
    @SuppressWarnings("NullAway.Init")
    protected StockBalanceRow() {}

    StockQueries.StockBalance balance() {
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
