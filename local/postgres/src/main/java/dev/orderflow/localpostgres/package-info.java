/// A Postgres server for development and tests.
///
/// - It is the one version that the root POM names, built for this machine alone.
/// - Nobody gets in without its password, which is drawn anew for each server.
/// - It never outlives the process that started it, in whatever way that ends: a shell of its own
///   waits for that and stops the server. Data that are not kept are deleted then.
/// - Two processes never work on the same data: a lock on the folder says who does.
@NullMarked
package dev.orderflow.localpostgres;

import org.jspecify.annotations.NullMarked;
