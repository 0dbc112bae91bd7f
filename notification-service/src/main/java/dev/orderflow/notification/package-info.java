/// The notification service: tells subscribers over SNS and customers by e-mail.
///
/// Guarantee: nobody is told the same thing twice, and whenever nobody knows whether somebody was
/// told, that is said aloud instead of guessed. Limit: "told" is "accepted by SNS or SES"; what
/// they do with it is theirs.
@NullMarked
package dev.orderflow.notification;

import org.jspecify.annotations.NullMarked;
