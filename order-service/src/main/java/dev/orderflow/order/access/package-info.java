/// Who may do what with whose order.
///
/// Guarantee: a customer finds their own orders and no others, and cannot tell another's from one
/// that does not exist. An operator finds all; each look at, and each cancellation of, an order
/// that is not theirs is written down before it is answered, or is not answered.
@NullMarked
package dev.orderflow.order.access;

import org.jspecify.annotations.NullMarked;
