/// Work items: orders that an operator must look at, among them stuck orders. A vertical slice with
/// its own controller.
///
/// Guarantee: an order that makes no progress for longer than its state allows is listed with what
/// it waits for. An operator may resolve every item. Besides, the next transition resolves `STUCK`,
/// a final state `WORKFLOW_FAILED`, and the release of the event `EVENT_PARKED`. Only an operator
/// resolves `COMPENSATION_FAILED` and `OUT_OF_ORDER`. Limit: nothing is repaired here; the runbooks
/// say how.
@NullMarked
package dev.orderflow.order.workitems;

import org.jspecify.annotations.NullMarked;
