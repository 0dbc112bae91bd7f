/// Gets one order to the carrier once, and tells the workflow how it went.
///
/// Guarantee: a parcel leaves only with a dispatch permit and while the workflow waits; the carrier
/// is asked with the order's id as its idempotency key, so a crash between any two steps is
/// repaired by doing them again; an outcome is told until the workflow took it or said that nobody
/// waits. What is to be done is in the database, so it outlives messages, outages and restarts.
/// Limit: that one parcel leaves rests on the carrier heeding the key.
@NullMarked
package dev.orderflow.shipping.arrangement;

import org.jspecify.annotations.NullMarked;
