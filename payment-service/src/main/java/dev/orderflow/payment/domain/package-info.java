/// The states of a payment and its transitions.
///
/// Guarantee: [PaymentStateMachine] is total. Every command and every status reported by the
/// gateway has a defined result in every state, and a status never moves a payment backwards.
/// Limit: nothing here calls, stores or locks. The caller locks the payment, so that two commands
/// are not decided on the same state.
@NullMarked
package dev.orderflow.payment.domain;

import org.jspecify.annotations.NullMarked;
