/// How it is said, and that it is said once.
///
/// Guarantee: no customer is mailed twice about the same thing. SES takes no idempotency key, so a
/// claim that a crash left behind is not repeated: whether that mail left is unknown, and a person
/// sees it. Limit: a subscriber of the topic may hear a thing twice and knows it by its event id.
@NullMarked
package dev.orderflow.notification.channel;

import org.jspecify.annotations.NullMarked;
