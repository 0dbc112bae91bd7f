/// The auditor: compares what the services, the payment gateway and the stock ledger recorded about
/// orders, and reports violated invariants.
///
/// Guarantee: every changed order is checked at once, and again after the grace period; a violation
/// that lasts is open until its invariant holds again. Limit: the services are read one after the
/// other, so an order in progress may look wrong for a moment, hence the grace period; while one of
/// the services does not respond, no violation is opened or cleared.
@NullMarked
package dev.orderflow.operations.auditor;

import org.jspecify.annotations.NullMarked;
