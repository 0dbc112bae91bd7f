package dev.orderflow.order.persistence;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.contracts.value.Money;
import dev.orderflow.order.domain.Order;
import dev.orderflow.order.domain.OrderState;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.Table;
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

/// A row of `orders`, which JPA only reads. Its personal data is read only when it is used.
@Entity
@Immutable
@Table(name = "orders")
class OrderRow {

    @Id private UUID id;
    private String customerRef;
    private String state;
    private @Nullable String rejectionReason;
    private BigDecimal totalAmount;
    private String currency;
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

    @SuppressWarnings("NullAway.Init") // JPA sets the fields
    protected OrderRow() {}

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
}
