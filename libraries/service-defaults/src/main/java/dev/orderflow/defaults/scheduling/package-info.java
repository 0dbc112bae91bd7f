/// How scheduled tasks run.
///
/// Guarantee: each task runs on its own thread, so that a slow one does not delay others; a task
/// never runs concurrently with itself in one instance. Limit: other instances run it too, so it
/// must claim its work in the database.
@NullMarked
package dev.orderflow.defaults.scheduling;

import org.jspecify.annotations.NullMarked;
