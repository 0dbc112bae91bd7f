/// The callbacks to Step Functions by task token.
///
/// Guarantee: an accepted callback, an invalid token and a failed call are distinguished. Limit: if
/// the response to an accepted callback is lost, its repetition reports an invalid token.
@NullMarked
package dev.orderflow.shipping.workflow;

import org.jspecify.annotations.NullMarked;
