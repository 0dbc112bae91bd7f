/// Bringing things to places that may be away: every parcel is tried until it has arrived, is
/// refused for good, or its sender's patience ends; then it is handed back once, for a dead-letter
/// queue.
///
/// Waits follow the cloud's clock. Parcels are not kept in order, and live in memory: they end with
/// the process. Closing tries everything that is waiting once more before it gives up.
@NullMarked
package dev.orderflow.localcloud.delivery;

import org.jspecify.annotations.NullMarked;
