/// Nobody needs a password of the database, so there is none to steal, to rotate or to leak.
///
/// With `orderflow.database.iam` a service shows RDS a token in its place: signed with the
/// credentials of its task, good for one user of one database for a quarter of an hour, and
/// made anew for each connection. What is connected stays connected when the token expires.
///
/// A database that does not answer is given up after seconds, by [DatabaseTimeoutProperties];
/// [DatabaseProbe] tells whether it can be used, which readiness depends on, and
/// [DatabaseFailures] tells the failures that pass, which callers may answer by trying again.
///
/// [DatabaseCreator] makes the databases and their users. It runs before the services do and
/// whenever one is added.
@NullMarked
package dev.orderflow.defaults.database;

import org.jspecify.annotations.NullMarked;
