/// The notification service: publishes order events to subscribers through SNS and e-mails
/// customers.
///
/// Guarantee: no notification is sent twice, and one whose delivery status is unknown is reported
/// instead of assumed. Limit: "sent" means accepted by SNS or SES; their delivery is not tracked.
@NullMarked
package dev.orderflow.notification;

import org.jspecify.annotations.NullMarked;
