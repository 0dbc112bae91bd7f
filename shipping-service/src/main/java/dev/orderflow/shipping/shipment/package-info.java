/// Books one parcel per order with the carrier and reports the result to the workflow.
///
/// Guarantee: a parcel is booked only with a dispatch permit and while the workflow waits. The
/// order id is the carrier's idempotency key, so after a crash between any two steps they are
/// repeated safely. A result is sent until the workflow accepts it or reports that its task token
/// is invalid. All remaining work is in the database and survives lost messages, outages and
/// restarts. Limit: that one parcel is sent per order depends on the carrier honouring the
/// idempotency key.
@NullMarked
package dev.orderflow.shipping.shipment;

import org.jspecify.annotations.NullMarked;
