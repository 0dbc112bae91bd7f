/// What a person must look at: work items, and the orders that stand still.
///
/// Guarantee: an order that makes no progress for longer than its state allows is listed with what
/// it waits for, and an item stays listed until the order moves on or somebody resolves it; of a
/// compensation that failed, only somebody can. Limit: nothing is repaired here; the runbooks say
/// how.
@NullMarked
package dev.orderflow.order.workitems;

import org.jspecify.annotations.NullMarked;
