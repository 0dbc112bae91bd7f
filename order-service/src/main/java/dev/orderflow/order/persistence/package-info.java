/// Orders and articles in Postgres.
///
/// Orders are inserted and read with JPA. The application generates the ids and `OrderRow` knows
/// whether it is new, so an insert needs no SELECT, and the lines go in one batch. Changes that two
/// transactions may make at the same time are conditional SQL statements.
///
/// Guarantee: of two moves from one state exactly one succeeds. Limit: an order read twice through
/// JPA in one transaction is the same object, so decisions read its [Orders.OrderStatus] afresh.
@NullMarked
package dev.orderflow.order.persistence;

import org.jspecify.annotations.NullMarked;
