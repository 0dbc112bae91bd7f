package dev.orderflow.shipping.shipment;

import java.util.UUID;

/// Requests dispatch permits from order-service. A repeated request has the same result.
public interface DispatchPermitClient {

    PermitRequestResult requestPermit(UUID orderId);

    /// The response of order-service.
    sealed interface PermitRequestResult {

        /// The permit is granted. The order can no longer be cancelled.
        record DispatchPermitGranted(Parcel parcel) implements PermitRequestResult {}

        /// The permit is denied for good: the order is cancelled or has ended.
        record DispatchPermitDenied() implements PermitRequestResult {}

        /// order-service does not know the order.
        record DispatchOrderUnknown() implements PermitRequestResult {}

        /// No response, or one that cannot be used.
        ///
        /// @param reason for the log, without content of the response
        record DispatchPermitUnavailable(String reason) implements PermitRequestResult {}
    }
}
