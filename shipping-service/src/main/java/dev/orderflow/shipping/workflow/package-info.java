/// Answers to Step Functions by task token.
///
/// Guarantee: whether an answer was taken, will never be taken, or could not be given is told
/// apart. Limit: an answer whose own answer was lost looks like one that nobody waits for when it
/// is repeated.
@NullMarked
package dev.orderflow.shipping.workflow;

import org.jspecify.annotations.NullMarked;
