/// Running redrives: one at a time per target, with a maximum rate and its progress in the
/// database.
///
/// Guarantee: a lease in the database permits one running redrive per target across all instances;
/// the task is recorded in the audit trail before the first item is moved, the result after the
/// last. A redrive can be paused, resumed and cancelled between two items, and continues where it
/// stopped when its instance dies. The results of the items are found afterwards and compared with
/// the plan that the operator saw. Limit: a message that was sent when the instance died, and is
/// not counted yet, is sent again; its consumer recognises the duplicate.
@NullMarked
package dev.orderflow.operations.redrive;

import org.jspecify.annotations.NullMarked;
