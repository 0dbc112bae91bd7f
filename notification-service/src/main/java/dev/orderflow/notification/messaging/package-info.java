/// The queue of facts worth telling.
@NullMarked
package dev.orderflow.notification.messaging;

import org.jspecify.annotations.NullMarked;
