/// Reservations, stock and ledger in Postgres: entities by Spring Data JPA, what instances
/// compete for by SQL.
///
/// Guarantee: one reservation for each order and one for each key, held by constraints; every
/// change of stock is conditional and writes its ledger entry in the same statement. Limit:
/// whoever waits longer than the lock time-out for a row is refused and must come again.
@NullMarked
package dev.orderflow.inventory.persistence;

import org.jspecify.annotations.NullMarked;
