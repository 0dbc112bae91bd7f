/// Tests of EventBridge with test doubles for the other services.
@NullMarked
package dev.orderflow.localcloud.eventbridge;

import org.jspecify.annotations.NullMarked;
