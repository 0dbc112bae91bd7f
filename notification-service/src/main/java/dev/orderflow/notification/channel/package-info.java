/// Sends notifications by e-mail and by topic, each of them once.
///
/// Guarantee: no customer receives two e-mails about the same event. SES has no idempotency key, so
/// a claim that a crash interrupted is not repeated: its delivery status is unknown, and an
/// operator resolves it. Limit: a subscriber of the topic may receive an event twice and recognises
/// it by its event id.
@NullMarked
package dev.orderflow.notification.channel;

import org.jspecify.annotations.NullMarked;
