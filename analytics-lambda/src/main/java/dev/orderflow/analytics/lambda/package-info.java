/// The projection of analytics-service as a Lambda function behind the queue `analytics`.
///
/// Guarantee: the same as the container's, by the same code: a fact leaves the queue only after it
/// is committed, one that cannot be read is dead-lettered with the reason, and neither keeps the
/// others of its batch. Container and function may run at the same time. Limit: the tables are
/// the container's to make, and the figures its to serve.
@NullMarked
package dev.orderflow.analytics.lambda;

import org.jspecify.annotations.NullMarked;
