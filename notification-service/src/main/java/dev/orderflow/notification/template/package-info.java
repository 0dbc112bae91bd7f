/// The texts of e-mails.
///
/// Guarantee: a customer's name appears in the salutation only, on one line whatever it contains,
/// and the subject contains no text written by a customer. Limit: one language, plain text.
@NullMarked
package dev.orderflow.notification.template;

import org.jspecify.annotations.NullMarked;
