package dev.orderflow.order.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.contracts.value.StateBatchRequest;
import dev.orderflow.defaults.security.ForMachines;
import dev.orderflow.order.domain.OrderStateSummary;
import dev.orderflow.order.domain.Orders;
import dev.orderflow.order.domain.RejectionReason;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// The states of many orders, for the auditor that compares them with the records of the other
/// services, and for what the console shows beside dead letters. It reads no personal data.
@RestController
class OrderStateBatchController {

    private final Orders orders;

    OrderStateBatchController(Orders orders) {
        this.orders = orders;
    }

    /// @param orders an order that does not exist is missing
    record OrderStateBatch(List<OrderStateView> orders) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OrderStateView(
            UUID orderId,
            String state,
            @Nullable RejectionReason reason,
            AmountView total,
            int version,
            boolean needsAttention) {

        static OrderStateView of(OrderStateSummary summary) {
            var order = summary.order();
            return new OrderStateView(
                    order.id(),
                    order.state().code(),
                    order.state().rejectionReason().orElse(null),
                    AmountView.of(order.total()),
                    order.state().version(),
                    summary.needsAttention());
        }
    }

    @ForMachines
    @PostMapping(path = "/internal/orders/state-batch", produces = "application/json")
    OrderStateBatch findStates(@RequestBody StateBatchRequest request) {
        return new OrderStateBatch(
                orders.findStateSummaries(request.orderIds()).stream()
                        .map(OrderStateView::of)
                        .toList());
    }
}
