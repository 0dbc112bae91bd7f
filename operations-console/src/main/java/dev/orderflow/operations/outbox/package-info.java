/// Reads and releases the parked events of order-service, as the operator whose request is handled.
///
/// Guarantee: order-service verifies and records the same person. Limit: as in
/// [dev.orderflow.operations.services].
@NullMarked
package dev.orderflow.operations.outbox;

import org.jspecify.annotations.NullMarked;
