/// How SQS listeners poll: on virtual threads, not blocked by one slow message, and paused while a
/// dependency of the handler is unavailable.
///
/// Guarantee: message attributes do not influence how a message is handled, and no class is loaded
/// by a name that a sender chose. Limit: the handler validates the body.
@NullMarked
package dev.orderflow.defaults.messaging;

import org.jspecify.annotations.NullMarked;
