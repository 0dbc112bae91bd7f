/// Injects faults into the system and verifies from outside that no order was lost and nothing was
/// processed twice.
///
/// Each service runs in a process of its own, as in production. Every call between services, and to
/// the cloud, the gateway and the carrier, passes a [FaultProxy], which can refuse, delay or repeat
/// the call, lose the response, or kill the caller or the callee before or after processing; so
/// production code needs no hooks. A seed determines the faults and the orders at which they occur.
///
/// Limit: the same seed injects the same faults at the same orders, but the interleaving of threads
/// and processes differs, so a replay does not reproduce the exact timing. local-cloud and the
/// sandboxes are not killed.
@NullMarked
package dev.orderflow.crashtests;

import org.jspecify.annotations.NullMarked;
