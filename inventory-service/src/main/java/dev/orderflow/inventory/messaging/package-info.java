/// Hears over SQS that orders have shipped.
///
/// Guarantee: nothing is acknowledged before its effect is committed, and what cannot be is
/// dead-lettered with the reason. Limit: order of arrival means nothing; the reservation's
/// standing decides.
@NullMarked
package dev.orderflow.inventory.messaging;

import org.jspecify.annotations.NullMarked;
