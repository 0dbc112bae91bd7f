/// Work items: orders that an operator must look at, among them stuck orders. A vertical slice with
/// its own controller.
///
/// Guarantee: an order that makes no progress for longer than its state allows is listed with what
/// it waits for. An item stays listed until the order moves on or an operator resolves it; a failed
/// compensation only ends by an operator. Limit: nothing is repaired here; the runbooks say how.
@NullMarked
package dev.orderflow.order.workitems;

import org.jspecify.annotations.NullMarked;
