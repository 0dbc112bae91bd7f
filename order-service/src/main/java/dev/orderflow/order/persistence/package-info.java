/// Orders and articles in Postgres.
///
/// Orders are inserted and read through JPA: ids are made by the application and an order says
/// itself that it is new, so an insert is preceded by no select, and its lines go in one batch.
/// Whatever two may do at the same moment is a conditional SQL statement instead.
///
/// Guarantee: of two moves from one state exactly one succeeds. Limit: an order read twice through
/// JPA in one transaction is the same object, so decisions read its [Orders.OrderStatus] afresh.
@NullMarked
package dev.orderflow.order.persistence;

import org.jspecify.annotations.NullMarked;
