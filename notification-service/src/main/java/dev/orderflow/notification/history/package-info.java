/// The history of one order's notifications for operators.
///
/// Guarantee: one statement and those of the incidents, each by the order's id; neither an address
/// nor a name is stored, so none is shown.
@NullMarked
package dev.orderflow.notification.history;

import org.jspecify.annotations.NullMarked;
