/// The shipments in Postgres.
///
/// Guarantee: reports on one order are applied one after the other, whatever instance heard them; a
/// claim goes to one instance. Limit: a claim lasts as long as the interval it was made with, by
/// the database's clock, and no longer.
@NullMarked
package dev.orderflow.shipping.persistence;

import org.jspecify.annotations.NullMarked;
