/// Receives shipped orders over SQS.
///
/// Guarantee: a message is acknowledged after its effect is committed, and a message that cannot
/// be processed goes to the dead-letter queue with the reason. Limit: messages may arrive in any
/// order; the state of the reservation decides what each of them changes.
@NullMarked
package dev.orderflow.inventory.messaging;

import org.jspecify.annotations.NullMarked;
