/// Authorises, captures, voids and refunds the payment of an order through a payment gateway.
///
/// Guarantee: an order is charged at most once, however often the request is repeated, by however
/// many callers and instances, and wherever a process crashes. One order has one payment and one
/// payment has one intent, which the gateway confirms at most once; an intent is confirmed only
/// after its id is stored; the outcome of a call is stored as unknown *before* the call; and an
/// unknown outcome is resolved by retrieving the status, never by an assumption.
///
/// Limit: this relies on the gateway reporting an intent correctly, and on no other system changing
/// it.
@NullMarked
package dev.orderflow.payment;

import org.jspecify.annotations.NullMarked;
