/// The case file of an order: what every part of the system knows about it, in one timeline.
///
/// All parts are asked at the same time, each with a time-out. Entries are ordered by time, but an
/// effect never comes before its cause where the marks of the entries tell, whatever the clocks of
/// the parts say. Times in which nothing happened are named with what the order waited for.
///
/// Guarantee: a part that does not respond makes the case file incomplete, which it says, and never
/// fails it. Limit: a step that no part records, such as the way of an event through EventBridge,
/// is seen only by what happened before and after it.
@NullMarked
package dev.orderflow.operations.casefile;

import org.jspecify.annotations.NullMarked;
