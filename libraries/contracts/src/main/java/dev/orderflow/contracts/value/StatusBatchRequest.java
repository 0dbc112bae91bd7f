package dev.orderflow.contracts.value;

import java.util.List;
import java.util.UUID;

/// The orders whose status is requested from the `status-batch` of a service.
///
/// @param orderIds 1 to [#MAX_ORDERS]
public record StatusBatchRequest(List<UUID> orderIds) {

    /// The maximum number of orders in a request.
    public static final int MAX_ORDERS = 200;

    public StatusBatchRequest {
        if (orderIds.isEmpty() || orderIds.size() > MAX_ORDERS) {
            throw new InvalidValueException(
                    "orderIds",
                    "must have 1 to " + MAX_ORDERS + " elements but had " + orderIds.size());
        }
    }
}
