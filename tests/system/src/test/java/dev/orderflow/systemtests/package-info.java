/// Journeys through the whole system, over HTTP and queues only.
///
/// Test classes share a few systems ([RunningSystem]). Each test uses its own customers and orders
/// and checks only their data, so that tests do not disturb each other.
@NullMarked
package dev.orderflow.systemtests;

import org.jspecify.annotations.NullMarked;
