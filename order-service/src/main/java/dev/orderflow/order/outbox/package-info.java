/// Events on their way out, stored with what they tell of.
///
/// Guarantee: an event is stored if and only if its transaction commits. Limit: events of one order
/// keep their sequence only when each is added under the order's row lock or state check, because
/// ids are drawn before the commit.
@NullMarked
package dev.orderflow.order.outbox;

import org.jspecify.annotations.NullMarked;
