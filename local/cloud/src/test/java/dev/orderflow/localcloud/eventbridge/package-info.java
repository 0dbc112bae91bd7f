/// EventBridge by itself, with doubles for what is around it.
@NullMarked
package dev.orderflow.localcloud.eventbridge;

import org.jspecify.annotations.NullMarked;
