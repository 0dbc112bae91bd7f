@NullMarked
package dev.orderflow.outbox.testkit;

import org.jspecify.annotations.NullMarked;
