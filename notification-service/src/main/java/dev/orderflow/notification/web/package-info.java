/// The internal API for the states of notifications.
///
/// Guarantee: responses contain no personal data, since the log has none. Limit: an operator can
/// resolve an unknown delivery status, and change nothing else.
@NullMarked
package dev.orderflow.notification.web;

import org.jspecify.annotations.NullMarked;
