/// Stores order events in the outbox, in the transaction of the change that they report.
///
/// Guarantee: an event is stored if and only if its transaction commits. Limit: events of one order
/// keep their sequence only when each is added under the order's row lock or state check, because
/// ids are drawn before the commit.
@NullMarked
package dev.orderflow.order.outbox;

import org.jspecify.annotations.NullMarked;
