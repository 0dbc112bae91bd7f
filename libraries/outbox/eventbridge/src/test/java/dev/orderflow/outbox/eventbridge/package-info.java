@NullMarked
package dev.orderflow.outbox.eventbridge;

import org.jspecify.annotations.NullMarked;
