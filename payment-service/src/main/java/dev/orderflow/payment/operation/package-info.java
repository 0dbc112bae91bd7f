/// How a request is done once, whatever happens while it is.
///
/// A request is an operation, found by its idempotency key. [PaymentService] begins it in one
/// transaction, asks the gateway with none open, and settles it in another. A lease, by the
/// database's clock, keeps a second caller away while the first is at work; when it has run out,
/// whoever comes next takes the operation over and asks the gateway before anything else.
/// [OutcomeReconciler] does the same for payments that nobody comes back for.
///
/// Limit: a lease only spares the gateway needless calls. That an order is not charged twice does
/// not rest on it.
@NullMarked
package dev.orderflow.payment.operation;

import org.jspecify.annotations.NullMarked;
