package dev.orderflow.order.search;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.contracts.value.Sku;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForMachines;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.order.domain.RejectionReason;
import dev.orderflow.order.search.OrderSearchFilter.AmountRange;
import dev.orderflow.order.search.OrderSearchQueries.FoundOrder;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Searches orders for operators.
@RestController
class OrderSearchController {

    private static final String STATES =
            "PENDING|CONFIRMED|DISPATCHING|CANCEL_REQUESTED|SHIPPED|REJECTED|CANCELLED";
    private static final String WORK_ITEMS =
            "ANY|WORKFLOW_FAILED|COMPENSATION_FAILED|OUT_OF_ORDER|EVENT_PARKED|STUCK";
    private static final String AMOUNT = "(0|[1-9][0-9]{0,11})(\\.[0-9]{1,4})?";

    private final OrderSearchQueries queries;

    OrderSearchController(OrderSearchQueries queries) {
        this.queries = queries;
    }

    /// The orders that match, the newest first.
    ///
    /// @param next the cursor of the next page; absent on the last
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OrderSearchPage(List<FoundOrderView> orders, @Nullable UUID next) {}

    /// @param workItems the kinds of its open work items
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record FoundOrderView(
            UUID orderId,
            String customerRef,
            String state,
            @Nullable String reason,
            FoundOrderTotal total,
            Instant placedAt,
            List<String> workItems) {

        static FoundOrderView of(FoundOrder order) {
            return new FoundOrderView(
                    order.id(),
                    order.customerRef(),
                    order.state(),
                    order.reason().orElse(null),
                    new FoundOrderTotal(
                            order.total().amount().toPlainString(),
                            order.total().currency().getCurrencyCode()),
                    order.placedAt(),
                    order.workItems());
        }
    }

    record FoundOrderTotal(String amount, String currency) {}

    @ForMachines
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping(path = "/internal/orders", produces = "application/json")
    OrderSearchPage search(
            @RequestParam(required = false)
                    @Pattern(regexp = STATES, message = "must be one of " + STATES)
                    @Nullable String state,
            @RequestParam(required = false)
                    @Pattern(regexp = WORK_ITEMS, message = "must be one of " + WORK_ITEMS)
                    @Nullable String workItem,
            @RequestParam(required = false) @Nullable Instant placedBefore,
            @RequestParam(required = false) @Nullable Instant placedAfter,
            @RequestParam(required = false) @Nullable String sku,
            @RequestParam(required = false)
                    @Pattern(regexp = AMOUNT, message = "must be a decimal number such as 49.90")
                    @Nullable String minAmount,
            @RequestParam(required = false)
                    @Pattern(regexp = AMOUNT, message = "must be a decimal number such as 49.90")
                    @Nullable String maxAmount,
            @RequestParam(required = false) @Nullable String currency,
            @RequestParam(required = false) @Nullable String reason,
            @RequestParam(required = false) @Nullable String customerRef,
            @RequestParam(required = false) @Nullable UUID cursor,
            @RequestParam(defaultValue = "50") @Min(1) @Max(200) int limit) {
        var filter =
                new OrderSearchFilter(
                        Optional.ofNullable(state),
                        Optional.ofNullable(workItem),
                        Optional.ofNullable(placedBefore),
                        Optional.ofNullable(placedAfter),
                        Optional.ofNullable(sku).map(OrderSearchController::toSku),
                        amounts(minAmount, maxAmount, currency),
                        Optional.ofNullable(reason).map(OrderSearchController::toReason),
                        Optional.ofNullable(customerRef).map(OrderSearchController::toCustomer),
                        Optional.ofNullable(cursor));
        if (filter.reason().isPresent() && state != null && !state.equals("REJECTED")) {
            throw Problem.invalid("reason", "must not be combined with a state but REJECTED");
        }
        var found = queries.search(filter, limit + 1);
        var shown = found.stream().limit(limit).map(FoundOrderView::of).toList();
        return new OrderSearchPage(shown, found.size() > limit ? shown.getLast().orderId() : null);
    }

    private static Sku toSku(String sku) {
        try {
            return new Sku(sku);
        } catch (InvalidValueException invalid) {
            throw Problem.invalid("sku", "must be the SKU of an article");
        }
    }

    private static CustomerRef toCustomer(String customer) {
        try {
            return new CustomerRef(customer);
        } catch (InvalidValueException invalid) {
            throw Problem.invalid("customerRef", "must be 1 to 64 letters, digits, _ or -");
        }
    }

    private static RejectionReason toReason(String reason) {
        try {
            return RejectionReason.valueOf(reason);
        } catch (IllegalArgumentException unknown) {
            throw Problem.invalid("reason", "must be one of " + List.of(RejectionReason.values()));
        }
    }

    private static Optional<AmountRange> amounts(
            @Nullable String min, @Nullable String max, @Nullable String currency) {
        if (min == null && max == null && currency == null) {
            return Optional.empty();
        }
        if (currency == null) {
            throw Problem.invalid("currency", "must be given with an amount");
        }
        var from = Optional.ofNullable(min).map(BigDecimal::new);
        var to = Optional.ofNullable(max).map(BigDecimal::new);
        if (from.isPresent() && to.isPresent() && from.get().compareTo(to.get()) > 0) {
            throw Problem.invalid("maxAmount", "must not be less than minAmount");
        }
        try {
            return Optional.of(new AmountRange(Currency.getInstance(currency), from, to));
        } catch (IllegalArgumentException unknown) {
            throw Problem.invalid("currency", "must be an ISO 4217 code such as EUR");
        }
    }
}
