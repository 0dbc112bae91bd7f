/// The shipments in Postgres.
///
/// Guarantee: reports on one order are applied one after the other, on whatever instance they
/// arrive; a claim is granted to one instance. Limit: a claim expires after the interval it was
/// made with, by the database's clock.
@NullMarked
package dev.orderflow.shipping.persistence;

import org.jspecify.annotations.NullMarked;
