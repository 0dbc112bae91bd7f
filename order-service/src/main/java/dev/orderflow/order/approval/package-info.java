/// Approval of orders above the approval limit: their workflow waits until an operator decides.
///
/// Guarantee: the first decision counts. It is stored with its audit entry, which names the
/// operator of the verified access token, before it is sent to the workflow, and sent until the
/// workflow takes it. A cancellation by the customer ends the wait, too. Limit: a decision after
/// the task token has expired changes nothing.
@NullMarked
package dev.orderflow.order.approval;

import org.jspecify.annotations.NullMarked;
