/// How SQS listeners poll: on virtual threads, never starved by one slow message, not at all while
/// what a handler needs does not answer.
///
/// Guarantee: no attribute of a message changes what becomes of it or of those received with it,
/// and nothing looks up a class by what a sender wrote. Limit: what a body holds is its handler's
/// to judge.
@NullMarked
package dev.orderflow.defaults.messaging;

import org.jspecify.annotations.NullMarked;
