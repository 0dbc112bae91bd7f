package dev.orderflow.inventory.persistence;

import dev.orderflow.inventory.domain.StockMovement;
import dev.orderflow.inventory.stock.StockQueries;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/// A row of the append-only table `stock_ledger`, for reading.
@Entity
@Immutable
@Table(name = "stock_ledger")
class StockLedgerRow {

    @Id private long entry;

    private String sku;

    @Enumerated(EnumType.STRING)
    private StockMovement movement;

    private long onHandChange;

    private long reservedChange;

    private long onHandAfter;

    private long reservedAfter;

    private @Nullable UUID orderId;

    private @Nullable String reference;

    private Instant recordedAt;

    /// Required by JPA.
    @SuppressWarnings("NullAway.Init")
    protected StockLedgerRow() {}

    StockQueries.StockLedgerEntry toEntry() {
        return new StockQueries.StockLedgerEntry(
                entry,
                movement,
                onHandChange,
                reservedChange,
                onHandAfter,
                reservedAfter,
                Optional.ofNullable(orderId),
                Optional.ofNullable(reference),
                recordedAt);
    }
}
