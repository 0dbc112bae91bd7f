package dev.orderflow.order.persistence;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.contracts.value.Money;
import dev.orderflow.order.domain.Order;
import dev.orderflow.order.domain.OrderState;
import dev.orderflow.order.domain.RejectionReason;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.PostLoad;
import jakarta.persistence.PostPersist;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.Formula;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Persistable;

/// A row of `orders`. SQL statements change it, so JPA never writes a row that it has read.
@Entity
@Immutable
@Table(name = "orders")
class OrderRow implements Persistable<UUID> {

    @Id private UUID id;
    private String customerRef;
    private String state;
    private @Nullable String rejectionReason;
    private BigDecimal totalAmount;
    private String currency;
    private byte @Nullable [] personalData;
    private Instant placedAt;

    /// Derived from the open work items, so it cannot contradict them.
    @Formula(
            "(SELECT item.reason FROM work_item item WHERE item.order_id = id"
                    + " AND item.resolved_at IS NULL ORDER BY item.opened_at, item.id LIMIT 1)")
    private @Nullable String workItemReason;

    @ElementCollection
    @CollectionTable(name = "order_line", joinColumns = @JoinColumn(name = "order_id"))
    @OrderColumn(name = "position")
    private List<OrderLineRow> lines = new ArrayList<>();

    @Transient private boolean stored;

    @SuppressWarnings("NullAway.Init") // JPA sets the fields
    protected OrderRow() {}

    OrderRow(Order order, byte[] encrypted) {
        id = order.id();
        customerRef = order.customer().value();
        state = order.state().code();
        rejectionReason = order.state().rejectionReason().map(RejectionReason::name).orElse(null);
        totalAmount = order.total().amount();
        currency = order.total().currency().getCurrencyCode();
        personalData = encrypted;
        placedAt = order.placedAt();
        order.lines().stream().map(OrderLineRow::of).forEach(lines::add);
    }

    Order toOrder() {
        var money = Currency.getInstance(currency);
        return new Order(
                id,
                new CustomerRef(customerRef),
                OrderState.of(state, rejectionReason),
                lines.stream().map(line -> line.toLine(money)).toList(),
                new Money(totalAmount, money),
                placedAt,
                Optional.ofNullable(workItemReason));
    }

    @Override
    public UUID getId() {
        return id;
    }

    @Override
    public boolean isNew() {
        return !stored;
    }

    @PostLoad
    @PostPersist
    void markStored() {
        stored = true;
    }
}
