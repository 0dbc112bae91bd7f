/// The system in one JVM, for development, demonstrations and tests.
///
/// It starts Postgres, local-cloud, the sandboxes, and the services as in production: each with its
/// own application context, ports and database, communicating only over HTTP and queues. Limit: all
/// share one heap and one garbage collector, so measurements do not apply to a single service.
@NullMarked
package dev.orderflow.localrun;

import org.jspecify.annotations.NullMarked;
