/// Receives facts from SQS in batches.
///
/// Guarantee: a fact is acknowledged only after it is committed; one that cannot be read is
/// dead-lettered with the reason, and neither delays the others of its batch. Limit: facts are
/// delivered more than once and in any order.
@NullMarked
package dev.orderflow.analytics.messaging;

import org.jspecify.annotations.NullMarked;
