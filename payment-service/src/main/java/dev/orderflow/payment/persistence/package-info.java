/// Payments, operations and unknown outcomes in Postgres.
///
/// Guarantee: named constraints of the tables repeat what the domain's types rule out; leases and
/// due times use the database's clock. Limit: methods take part in the caller's transaction and
/// begin none, except for single statements.
@NullMarked
package dev.orderflow.payment.persistence;

import org.jspecify.annotations.NullMarked;
