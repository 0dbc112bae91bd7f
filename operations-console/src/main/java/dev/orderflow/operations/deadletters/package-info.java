/// Dead letters: what lies in the dead-letter queues, why, and its way back.
///
/// Guarantee: a message is deleted from a dead-letter queue only after it lies in its consumer's
/// queue again, or after somebody discarded it with a reason; a crash in between leaves both,
/// which consumers recognise. Looking changes nothing: what is received is given back at once.
/// Limit: a view is bounded in count and time and says when it saw only a part; messages that
/// somebody else holds at that moment are not seen.
@NullMarked
package dev.orderflow.operations.deadletters;

import org.jspecify.annotations.NullMarked;
