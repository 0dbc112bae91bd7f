/// Redrives, discards and dismissals as operators request them: planned, then started at once or
/// stored until a second person confirms them.
///
/// Guarantee: a task that is forced, or that selects more items than one person may change, starts
/// only after another person has confirmed it. Limit: how many items it selects is counted when it
/// is requested; more may have arrived when it runs.
@NullMarked
package dev.orderflow.operations.bulkactions;

import org.jspecify.annotations.NullMarked;
