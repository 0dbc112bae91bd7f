/// The operations of payments, each performed once per idempotency key.
///
/// [OperationLifecycle] begins an operation in one transaction, [PaymentService] calls the gateway
/// with no transaction open, and another transaction stores the result. A lease by the database's
/// clock keeps a second request away from an operation that is being processed. After the lease has
/// expired, the next request takes the operation over and retrieves the status from the gateway
/// before any other call. [OutcomeReconciler] does the same for payments whose caller does not
/// retry.
///
/// Limit: the lease only saves needless calls to the gateway. That an order is not charged twice
/// does not depend on it.
@NullMarked
package dev.orderflow.payment.operation;

import org.jspecify.annotations.NullMarked;
