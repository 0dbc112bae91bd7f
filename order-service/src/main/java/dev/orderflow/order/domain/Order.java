package dev.orderflow.order.domain;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.Quantity;
import dev.orderflow.contracts.value.Sku;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// A stored order without its [PersonalData]. Only `state` and `workItemReason` ever change.
///
/// @param lines 1 to 50, each article once, all in one currency
/// @param total the sum of the lines, never a value from a client
/// @param workItemReason the reason of the oldest open work item, empty when there is none
public record Order(
        UUID id,
        CustomerRef customer,
        OrderState state,
        List<OrderLine> lines,
        Money total,
        Instant placedAt,
        Optional<String> workItemReason) {

    public Order {
        lines = List.copyOf(lines);
        if (lines.isEmpty() || lines.size() > Quantity.MAX_LINES) {
            throw new IllegalArgumentException(
                    "an order must have 1 to %d lines but had %d"
                            .formatted(Quantity.MAX_LINES, lines.size()));
        }
        var skus = new HashSet<Sku>();
        for (var line : lines) {
            if (!skus.add(line.sku())) {
                throw new IllegalArgumentException(line.sku() + " must be in one line only");
            }
        }
        var sum = lines.stream().map(OrderLine::linePrice).reduce(Money::plus).orElseThrow();
        if (!sum.equals(total)) {
            throw new IllegalArgumentException("total must be " + sum + " but was " + total);
        }
    }

    /// Creates a new order in state PENDING whose total is the sum of its lines.
    public static Order place(UUID id, CustomerRef customer, List<OrderLine> lines, Instant at) {
        return new Order(
                id,
                customer,
                new OrderState.Pending(),
                lines,
                lines.stream()
                        .map(OrderLine::linePrice)
                        .reduce(Money::plus)
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "an order must have at least one line")),
                at,
                Optional.empty());
    }

    /// Omits the customer and the articles.
    @Override
    public String toString() {
        return "Order[id=" + id + ", state=" + state.code() + ", total=" + total + "]";
    }
}
