/// Access to the database: IAM authentication, time-outs, health check and classification of
/// failures.
///
/// With `orderflow.database.iam` services need no password: each new connection authenticates with
/// a token that is signed with the credentials of the task and is valid for one user of one
/// database for 15 minutes. An open connection stays open when its token expires.
///
/// Connections to a database that does not respond are closed after seconds by
/// [DatabaseTimeoutProperties];
/// [DatabaseProbe] checks whether it is available, which readiness depends on, and
/// [DatabaseFailures] identifies temporary failures, after which callers may retry.
///
/// [DatabaseCreator] creates the databases and their users. It runs before the first start of the
/// services and whenever a service is added.
@NullMarked
package dev.orderflow.defaults.database;

import org.jspecify.annotations.NullMarked;
