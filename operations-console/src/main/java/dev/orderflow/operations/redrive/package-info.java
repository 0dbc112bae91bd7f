/// Running redrives: one at a time per target, with a maximum rate and its progress in the
/// database.
///
/// Guarantee: a lease in the database permits one running redrive per target across all instances;
/// the task is recorded in the audit trail before the first item is moved, the result after the
/// last. A redrive can be paused, resumed and cancelled between two items, and continues where it
/// stopped when its instance dies. Limit: the item that was being moved at that moment is moved,
/// and may be missing in the counts; the audit trail names it.
@NullMarked
package dev.orderflow.operations.redrive;

import org.jspecify.annotations.NullMarked;
