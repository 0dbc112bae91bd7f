@NullMarked
package dev.orderflow.outbox;

import org.jspecify.annotations.NullMarked;
