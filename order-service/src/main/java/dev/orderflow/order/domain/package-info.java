/// What an order is and how it may change; sees nothing but the JDK.
///
/// Guarantee: every pair of state and report has a defined answer ([OrderStateMachine]), no state
/// is ever left for an earlier one, and money is exact. Limit: what is decided here counts only
/// once it is stored; two who decide at the same moment are told apart by [Orders#move].
@NullMarked
package dev.orderflow.order.domain;

import org.jspecify.annotations.NullMarked;
