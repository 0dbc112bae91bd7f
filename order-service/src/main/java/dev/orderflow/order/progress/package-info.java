/// Follows an order on its way through the workflow.
///
/// Guarantee: a report counts once, however often it is delivered; a report that contradicts what
/// is known is never dropped: it is counted, written into the timeline and flags its order for a
/// person. Limit: nothing is undone here; what was out of turn is a person's to judge.
@NullMarked
package dev.orderflow.order.progress;

import org.jspecify.annotations.NullMarked;
