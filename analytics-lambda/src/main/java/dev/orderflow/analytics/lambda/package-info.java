/// The projections of analytics-service as a Lambda function that consumes the queue `analytics`.
///
/// Guarantee: the same as the container's, by the same code: a fact leaves the queue only after it
/// is committed; one that cannot be read is dead-lettered with the reason, and neither delays the
/// others of its batch. Container and function may run at the same time. Limit: the container
/// creates the tables and serves the summary.
@NullMarked
package dev.orderflow.analytics.lambda;

import org.jspecify.annotations.NullMarked;
