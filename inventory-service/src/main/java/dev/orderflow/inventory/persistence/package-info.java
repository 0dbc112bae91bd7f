/// Reservations, stock and ledger in Postgres. Entities are read by Spring Data JPA; writes that
/// concurrent instances compete for are SQL.
///
/// Guarantee: constraints allow one reservation per order and per key; every change of stock is
/// conditional and inserts its ledger entry in the same statement. Limit: a request that waits
/// longer for a row than the lock time-out fails and must be retried.
@NullMarked
package dev.orderflow.inventory.persistence;

import org.jspecify.annotations.NullMarked;
