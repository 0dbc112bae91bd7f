package dev.orderflow.shipping.shipment;

import java.util.UUID;

/// Asks payment-service whether an order's payment can be captured after the dispatch. Asked before
/// each booking, since an authorisation expires after some days.
public interface PaymentAuthorizationClient {

    AuthorizationCheckResult verify(UUID orderId);

    /// The response of payment-service.
    sealed interface AuthorizationCheckResult {

        /// The authorisation lasts until the capture.
        record AuthorizationValid() implements AuthorizationCheckResult {}

        /// The authorisation has expired or expires before the capture: the order must not be
        /// dispatched.
        record AuthorizationInsufficient() implements AuthorizationCheckResult {}

        /// The order has no payment.
        record NoPaymentFound() implements AuthorizationCheckResult {}

        /// No response, or one that cannot be used.
        ///
        /// @param reason for the log, without content of the response
        record AuthorizationCheckFailed(String reason) implements AuthorizationCheckResult {}
    }
}
