/// The history of one order, as each service knows it, and the incidents that the service recorded
/// about it: attempts that failed, were repeated, or waited for a dependency.
///
/// Guarantee: services and operations-console share one form of the history, and an entry holds no
/// personal data, no payload and no secret: texts are written by the program, not quoted from
/// messages. Limit: incidents are stored a moment after they happen, by a thread of their own;
/// those of the last moment before a process is killed are lost.
@NullMarked
package dev.orderflow.defaults.history;

import org.jspecify.annotations.NullMarked;
