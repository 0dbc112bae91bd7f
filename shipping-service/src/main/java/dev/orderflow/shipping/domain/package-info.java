/// One order's shipment: its state, the callback that the workflow expects, and the state machine
/// that changes both.
///
/// Guarantee: [Shipment#apply] is total. Every report has a result in every state, and a report
/// that contradicts the state is returned as out of order instead of being dropped or applied.
/// Limit: it decides and stores nothing; the repository applies concurrent reports one after the
/// other.
@NullMarked
package dev.orderflow.shipping.domain;

import org.jspecify.annotations.NullMarked;
