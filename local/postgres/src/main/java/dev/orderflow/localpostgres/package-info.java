/// A Postgres server for development and tests.
///
/// - The version is the one that the root POM names; the build is that of this platform.
/// - Every connection needs the password of the server, which is generated at random.
/// - The server never outlives the process that started it, even if that is killed: a supervising
///   shell waits for the end of the process and stops the server. Scratch data are deleted then.
/// - Two servers never use the same data: a lock on the folder prevents it.
@NullMarked
package dev.orderflow.localpostgres;

import org.jspecify.annotations.NullMarked;
