/// Who did what to which message or execution, and why.
///
/// Guarantee: an intent is committed before the deed, so nothing is done that is not on record.
/// Limit: a crash in between leaves an intent without a result.
@NullMarked
package dev.orderflow.operations.audittrail;

import org.jspecify.annotations.NullMarked;
