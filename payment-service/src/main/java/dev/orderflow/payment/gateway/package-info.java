/// The port to whoever moves the money.
///
/// Guarantee of an adapter: it returns within the time-out it is configured with and never
/// throws; it sends the key it is given, and sends nothing twice on its own; it says
/// [GatewayResult.NoAnswer] unless it knows better. Limit: it keeps nothing, so what an answer
/// means for a payment is not decided here.
@NullMarked
package dev.orderflow.payment.gateway;

import org.jspecify.annotations.NullMarked;
