/// The history of one order's payment for operators: what the tables of this service hold about it,
/// and what the gateway says now.
///
/// Guarantee: three statements and those of the incidents, each by the order's id, and one call of
/// the gateway, whose failure is a part of the answer. Limit: a charge may appear at the gateway up
/// to a minute after it was made.
@NullMarked
package dev.orderflow.payment.history;

import org.jspecify.annotations.NullMarked;
