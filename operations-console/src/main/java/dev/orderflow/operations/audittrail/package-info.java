/// The audit trail: which operator changed which message, execution, order, payment, article or
/// customer, and why.
///
/// The console records what it executes itself. What a service executes is recorded by that service
/// alone, whoever sent the request, and read from there.
///
/// Guarantee: the entry is committed before the change, so there is no unrecorded change. Limits: a
/// crash in between leaves an entry without its change. Entries of a service that does not respond
/// are missing, and the trail says so.
@NullMarked
package dev.orderflow.operations.audittrail;

import org.jspecify.annotations.NullMarked;
