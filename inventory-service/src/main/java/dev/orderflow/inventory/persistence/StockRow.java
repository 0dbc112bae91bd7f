package dev.orderflow.inventory.persistence;

import dev.orderflow.contracts.value.Sku;
import dev.orderflow.inventory.stock.StockLevel;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/// A row of the table `stock`, for reading: [JdbcStockRepository] writes it together with the
/// ledger.
@Entity
@Immutable
@Table(name = "stock")
class StockRow {

    @Id private String sku;

    private long onHand;

    private long reserved;

    /// Required by JPA.
    @SuppressWarnings("NullAway.Init")
    protected StockRow() {}

    StockLevel toLevel() {
        return new StockLevel(new Sku(sku), onHand, reserved);
    }
}
