/// The states of a reservation, its transitions, and the stock movements that follow from them.
///
/// Guarantee: every event has a decision in every state, and stock is returned or deducted only
/// where it was reserved. Limit: nothing here stores or locks. The caller locks the reservation.
@NullMarked
package dev.orderflow.inventory.domain;

import org.jspecify.annotations.NullMarked;
