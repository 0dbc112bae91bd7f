/// The history of one order's shipment for operators, and the outages of the carrier that it met.
///
/// Guarantee: three statements and those of the incidents, by the order's id or by time. Limit: an
/// outage whose beginning could not be stored, because the database failed too, is stored when it
/// ends.
@NullMarked
package dev.orderflow.shipping.history;

import org.jspecify.annotations.NullMarked;
