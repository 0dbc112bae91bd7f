package dev.orderflow.contracts.value;

import java.util.List;
import java.util.UUID;

/// The orders whose state is requested from the `state-batch` of a service.
///
/// @param orderIds 1 to [#MAX_ORDERS]
public record StateBatchRequest(List<UUID> orderIds) {

    /// The maximum number of orders in a request.
    public static final int MAX_ORDERS = 200;

    public StateBatchRequest {
        if (orderIds.isEmpty() || orderIds.size() > MAX_ORDERS) {
            throw new InvalidValueException(
                    "orderIds",
                    "must have 1 to " + MAX_ORDERS + " elements but had " + orderIds.size());
        }
    }
}
