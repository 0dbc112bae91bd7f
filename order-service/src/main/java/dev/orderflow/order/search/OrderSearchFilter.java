package dev.orderflow.order.search;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.contracts.value.Sku;
import dev.orderflow.order.domain.RejectionReason;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Currency;
import java.util.Optional;
import java.util.UUID;

/// Which orders are searched. Everything that is present must match.
///
/// @param state a state, as orders have them
/// @param workItem whether the order has an open work item: of this kind, or of any kind (`ANY`)
/// @param amounts the total, in one currency
/// @param before the last order of the page before
record OrderSearchFilter(
        Optional<String> state,
        Optional<String> workItem,
        Optional<Instant> placedBefore,
        Optional<Instant> placedAfter,
        Optional<Sku> sku,
        Optional<AmountRange> amounts,
        Optional<RejectionReason> reason,
        Optional<CustomerRef> customer,
        Optional<UUID> before) {

    static final String ANY_WORK_ITEM = "ANY";

    /// @param from the lowest total
    /// @param to the highest total
    record AmountRange(Currency currency, Optional<BigDecimal> from, Optional<BigDecimal> to) {}
}
