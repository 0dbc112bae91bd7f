/// The order, its states and its transitions. Depends on the JDK and the shared values only.
///
/// Guarantee: every pair of state and report has a defined result ([OrderStateMachine]), no
/// transition leads back to an earlier state, and money is exact. Limit: a decision counts only
/// once it is stored; [Orders#move] succeeds for one of two concurrent decisions.
@NullMarked
package dev.orderflow.order.domain;

import org.jspecify.annotations.NullMarked;
