/// The inputs of the shipping service: its queues and its schedule.
///
/// Guarantee: while the carrier's circuit breaker is open no request is received, so an outage does
/// not increase receive counts; a request that keeps failing is acknowledged before it would be
/// dead-lettered, and the scheduler continues it from the database. Limit: a request received at
/// the moment the outage begins does use one receive.
@NullMarked
package dev.orderflow.shipping.messaging;

import org.jspecify.annotations.NullMarked;
