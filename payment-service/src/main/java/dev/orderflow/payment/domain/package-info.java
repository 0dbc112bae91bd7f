/// What a payment is, and what may become of it.
///
/// Guarantee: [PaymentStateMachine] is total. Every request and every report of the gateway has a
/// defined result in every state, and a report never moves a payment backwards. Limit: nothing here
/// calls, stores or locks; that two requests do not decide on the same state at once is the
/// caller's business.
@NullMarked
package dev.orderflow.payment.domain;

import org.jspecify.annotations.NullMarked;
