/// How `@Scheduled` methods run.
///
/// Guarantee: each runs on a thread of its own, so that one which takes long delays no other; the
/// same method never runs twice at once in an instance. Limit: other instances run it too, so what
/// a method takes up it claims in the database first.
@NullMarked
package dev.orderflow.defaults.scheduling;

import org.jspecify.annotations.NullMarked;
