/// Orders and articles in Postgres.
///
/// Orders are read with JPA and inserted with SQL, because the insert is a part of the statement
/// that also stores the event and the response ([JdbcNewOrders]). Changes that two transactions may
/// make at the same time are conditional SQL statements.
///
/// Guarantee: of two moves from one state exactly one succeeds. Limit: an order read twice through
/// JPA in one transaction is the same object, so decisions read its [Orders.OrderStatus] afresh.
@NullMarked
package dev.orderflow.order.persistence;

import org.jspecify.annotations.NullMarked;
