/// What makes the shipping service act: its queues and the clock.
///
/// Guarantee: while the carrier is away no request is taken off the queue, so an outage uses up no
/// receives, and a request that keeps failing is carried on by the database before the queue would
/// give it up. Limit: requests received in the moment of the outage do use one up each.
@NullMarked
package dev.orderflow.shipping.messaging;

import org.jspecify.annotations.NullMarked;
