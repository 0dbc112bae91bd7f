/// Journeys through the whole system, from outside: over HTTP and queues alone.
///
/// One system is started for all of them. Each test uses customers and orders of its own and looks
/// only at what belongs to these, so tests neither wait for nor disturb each other.
@NullMarked
package dev.orderflow.systemtests;

import org.jspecify.annotations.NullMarked;
