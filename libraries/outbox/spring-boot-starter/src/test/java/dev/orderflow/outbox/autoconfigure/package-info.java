@NullMarked
package dev.orderflow.outbox.autoconfigure;

import org.jspecify.annotations.NullMarked;
