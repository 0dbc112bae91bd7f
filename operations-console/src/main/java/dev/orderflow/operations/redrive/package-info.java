/// Running redrives: one at a time per target, with a maximum rate and its progress in the
/// database.
///
/// Guarantee: a lease in the database permits one running redrive per target across all instances;
/// the task is recorded in the audit trail before the first item is moved, the result after the
/// last. Limit: a redrive does not continue after its instance died; it is shown as abandoned, and
/// an operator can safely start another.
@NullMarked
package dev.orderflow.operations.redrive;

import org.jspecify.annotations.NullMarked;
