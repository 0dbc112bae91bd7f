/// The order service: accepts orders in one database transaction and publishes their events.
///
/// Guarantee: an order that was answered with 201 is stored, its event is published at least once
/// and it gets exactly one workflow. Limit: an accepted order may still be rejected, since the
/// workflow checks stock and payment later.
@NullMarked
package dev.orderflow.order;

import org.jspecify.annotations.NullMarked;
