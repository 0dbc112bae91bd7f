/// The whole system in one JVM, for development, demonstrations and tests.
///
/// Embedded Postgres, local-cloud, a sandbox gateway and a sandbox carrier, and the services as
/// they run
/// in production: each with its own application context, port and database, speaking to the others
/// over
/// HTTP and queues alone. Limit: everything shares one heap and one garbage collector, so no figure
/// measured here says how one service behaves alone.
@NullMarked
package dev.orderflow.localrun;

import org.jspecify.annotations.NullMarked;
