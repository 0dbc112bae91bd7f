/// Actions of operators that a second person must confirm.
///
/// Guarantee: a stored action is executed only after another person with the role approver or
/// administrator has confirmed it within its time limit, and by one confirmation at a time. If the
/// instance stops during the execution, another one executes it after two minutes; so an action
/// must be safe to repeat. A failure ends the confirmation: the action then waits for another one,
/// until its time limit. The service that executes an action stores it: only that service can
/// enforce the confirmation.
@NullMarked
package dev.orderflow.defaults.confirmations;

import org.jspecify.annotations.NullMarked;
