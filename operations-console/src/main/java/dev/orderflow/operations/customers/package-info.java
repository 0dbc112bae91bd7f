/// Forgets customers, wherever something personal is held of them.
///
/// Personal data is held by order-service alone (docs/personal-data.md), so it alone is asked; what
/// the other services keep is booked under opaque references and stays.
///
/// Guarantee: who wants it and why is on record before anything is erased, and what it came to
/// after; asking again is safe and finishes what was left. Limit: orders under way keep what they
/// need until they end, and backups what they hold until their retention ends.
@NullMarked
package dev.orderflow.operations.customers;

import org.jspecify.annotations.NullMarked;
