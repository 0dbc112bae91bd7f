/// Lists, redrives and discards the messages of the dead-letter queues.
///
/// Guarantee: a message is deleted from a dead-letter queue only after it was sent to its
/// consumer's queue, or when an operator discards it with a reason; a crash in between leaves both
/// copies, which consumers recognise as duplicates. A view changes nothing: received messages are
/// made visible again at once. Limit: a view is limited in count and time, and says when it is
/// incomplete; messages that another receiver holds are not included.
@NullMarked
package dev.orderflow.operations.deadletters;

import org.jspecify.annotations.NullMarked;
