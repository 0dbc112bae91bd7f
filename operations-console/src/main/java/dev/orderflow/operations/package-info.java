/// The operations console: lists failed messages and workflows with the cause, redrives or discards
/// them, audits the services against each other, and erases personal data.
///
/// Guarantee: every change is recorded in the audit trail with operator and reason before it is
/// made, and every redrive is safe to repeat. Limit: the console reads the services through their
/// internal APIs, so what it shows is as old as their last response.
@NullMarked
package dev.orderflow.operations;

import org.jspecify.annotations.NullMarked;
