/// Authorises, captures, voids and refunds the money of an order, through a gateway.
///
/// Guarantee: an order is charged at most once, however often it is asked, by however many
/// callers and instances, wherever a process dies. Four things make it so: one order has one
/// payment, and one payment has one intent at the gateway, which a gateway confirms at most once;
/// an intent is confirmed only after its id is stored; what is asked of the gateway is written
/// down as unknown *before* it is asked; and what is unknown is settled by asking, never by
/// guessing.
///
/// Limit: it stands on the gateway telling the truth about an intent, and on no one else touching
/// it.
@NullMarked
package dev.orderflow.payment;

import org.jspecify.annotations.NullMarked;
