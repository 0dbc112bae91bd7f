/// Moves orders through their states as the workflow reports.
///
/// Guarantee: a report is applied once, however often it is delivered. A report that contradicts
/// the state of its order is never dropped: it is counted, added to the timeline and opens a work
/// item. Limit: nothing is undone here; an operator decides about a report that is out of order.
@NullMarked
package dev.orderflow.order.progress;

import org.jspecify.annotations.NullMarked;
