/// Payments, operations and unknown outcomes in Postgres.
///
/// Guarantee: what the domain's types rule out, named constraints of the tables rule out too;
/// leases and due times go by the database's clock. Limit: statements take part in the caller's
/// transaction and open none, but for single ones.
@NullMarked
package dev.orderflow.payment.persistence;

import org.jspecify.annotations.NullMarked;
