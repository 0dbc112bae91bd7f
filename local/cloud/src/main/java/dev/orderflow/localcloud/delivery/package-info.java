/// Delivers messages to destinations that may be unavailable. Each delivery is attempted until the
/// destination accepts it, refuses it permanently, or its retry policy is exhausted. It is then
/// passed once to its exhaustion handler, usually for a dead-letter queue.
///
/// Waits use cloud time. Order is not preserved. Deliveries are kept in memory and end with the
/// process. Closing makes one more attempt for every waiting delivery.
@NullMarked
package dev.orderflow.localcloud.delivery;

import org.jspecify.annotations.NullMarked;
