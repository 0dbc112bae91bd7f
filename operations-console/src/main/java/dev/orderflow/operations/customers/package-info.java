/// Summarises and erases the personal data of customers.
///
/// Only order-service holds personal data (docs/personal-data.md), so only order-service is called;
/// the other services store opaque references, which stay.
///
/// Guarantee: the operator and the reason are in the audit trail before anything is erased, and the
/// result afterwards; repeating an erasure is safe and completes it. Limit: open orders keep the
/// data that they need until they are final, and backups keep theirs until their retention ends.
@NullMarked
package dev.orderflow.operations.customers;

import org.jspecify.annotations.NullMarked;
