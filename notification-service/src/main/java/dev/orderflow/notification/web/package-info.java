/// What is known about what was told, behind the internal API's key.
///
/// Guarantee: no personal data, since the log has none. Limit: it only shows.
@NullMarked
package dev.orderflow.notification.web;

import org.jspecify.annotations.NullMarked;
