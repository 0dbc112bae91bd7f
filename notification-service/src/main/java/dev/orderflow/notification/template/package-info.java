/// What is said, in words.
///
/// Guarantee: a customer's name stands in the greeting alone, on one line whatever it contains, and
/// the subject holds nothing a customer wrote. Limit: one language, plain text.
@NullMarked
package dev.orderflow.notification.template;

import org.jspecify.annotations.NullMarked;
