/// The history of one order's reservation for operators: what the tables of this service hold about
/// it.
///
/// Guarantee: two statements and those of the incidents, each by the order's id.
@NullMarked
package dev.orderflow.inventory.history;

import org.jspecify.annotations.NullMarked;
