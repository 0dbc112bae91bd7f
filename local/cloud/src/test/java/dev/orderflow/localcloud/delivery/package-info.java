/// Tests of the delivery worker.
@NullMarked
package dev.orderflow.localcloud.delivery;

import org.jspecify.annotations.NullMarked;
