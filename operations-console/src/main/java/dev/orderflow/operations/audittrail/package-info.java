/// The audit trail: which operator changed which message, execution, order or customer, and
/// why.
///
/// Guarantee: the entry is committed before the change, so there is no unrecorded change. Limit: a
/// crash in between leaves an entry without its change.
@NullMarked
package dev.orderflow.operations.audittrail;

import org.jspecify.annotations.NullMarked;
