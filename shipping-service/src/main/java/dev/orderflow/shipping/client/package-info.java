/// The clients of the internal APIs of order-service and payment-service.
///
/// Guarantee: a denial or a missing payment counts only if the problem's type says so; any other
/// error response is treated as no response and may be repeated. Limit: the address is kept only
/// for the booking it was requested for.
@NullMarked
package dev.orderflow.shipping.client;

import org.jspecify.annotations.NullMarked;
