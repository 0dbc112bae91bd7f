/// Breaks the system on purpose and checks from outside that nothing was lost and nothing was done
/// twice.
///
/// The services run as processes of their own, as in production. All they say to each other, to the
/// cloud, the gateway and the carrier goes over a wire that can lose an answer, refuse, delay or
/// repeat a call, or kill either end before or after it was done; so production code holds no hook
/// for any of it. What is broken, and at which order, follows from a seed.
///
/// Limit: the same seed breaks the same things at the same orders, but threads and processes
/// race as they like, so a replay is the same storm and not the same instant. The cloud itself
/// and the sandboxes are not killed.
@NullMarked
package dev.orderflow.crashtests;

import org.jspecify.annotations.NullMarked;
