package dev.orderflow.order.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.defaults.security.ForMachines;
import dev.orderflow.order.domain.OrderChange;
import dev.orderflow.order.domain.Orders;
import dev.orderflow.order.domain.RejectionReason;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// `GET /internal/orders/changes`, for clients that follow all orders, such as the auditor. It
/// returns one entry for each change of an order, each with the order's current state.
@RestController
class OrderChangesController {

    private static final String CURSOR = "[0-9]{1,18}-[0-9]{1,18}";

    private final Orders orders;

    OrderChangesController(Orders orders) {
        this.orders = orders;
    }

    /// @param next the cursor for the next request; absent when there is no change
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OrderChangePage(List<OrderChangeView> changes, @Nullable String next) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OrderChangeView(
            UUID orderId,
            String state,
            @Nullable RejectionReason reason,
            AmountView total,
            int version,
            Instant changedAt) {

        static OrderChangeView of(OrderChange change) {
            return new OrderChangeView(
                    change.id(),
                    change.state().code(),
                    change.state().rejectionReason().orElse(null),
                    AmountView.of(change.total()),
                    change.state().version(),
                    change.changedAt());
        }
    }

    @ForMachines
    @GetMapping(path = "/internal/orders/changes", produces = "application/json")
    OrderChangePage changes(
            @RequestParam(defaultValue = "0-0")
                    @Pattern(regexp = CURSOR, message = "must be the next of an earlier response")
                    String cursor,
            @RequestParam(defaultValue = "100") @Min(1) @Max(500) int limit) {
        var parts = cursor.split("-");
        var found =
                orders.findChangesAfter(
                        Instant.EPOCH.plus(Long.parseLong(parts[0]), ChronoUnit.MICROS),
                        Long.parseLong(parts[1]),
                        limit);
        return new OrderChangePage(
                found.stream().map(OrderChangeView::of).toList(),
                found.isEmpty() ? null : cursor(found.getLast()));
    }

    /// Microseconds, the precision of Postgres.
    private static String cursor(OrderChange last) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, last.changedAt()) + "-" + last.number();
    }
}
