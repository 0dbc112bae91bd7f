/// The queue of order events.
///
/// Guarantee: an event for which there is no notification, or a replayed event, is dead-lettered
/// and sends nothing. Limit: a notification that still fails after the queue's five receives is
/// dead-lettered too, and is sent when it is redriven.
@NullMarked
package dev.orderflow.notification.messaging;

import org.jspecify.annotations.NullMarked;
