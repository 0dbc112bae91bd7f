/// One order's shipment: how far it is, who waits for the answer, and what may change either.
///
/// Guarantee: [Shipment#on] is total. Every report is answered for every state, and one that does
/// not fit is said to be out of turn instead of being dropped or obeyed. Limit: it decides and
/// stores nothing; two reports at the same moment are put in a row by whoever keeps the shipments.
@NullMarked
package dev.orderflow.shipping.domain;

import org.jspecify.annotations.NullMarked;
