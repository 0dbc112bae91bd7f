/// Signs people in with a browser, and keeps their sessions.
///
/// Guarantee: a request at the port of the pages has the access token of a session or none, so that
/// each page and each service verifies the same person as the internal API does. The database holds
/// no usable session id and no readable token: a copy of it lets its reader act as no operator. A
/// request that changes something needs the CSRF token of its session. Limit: a stolen cookie is
/// usable until the session ends, at the latest after [SignInProperties#sessionLifetime].
@NullMarked
package dev.orderflow.operations.session;

import org.jspecify.annotations.NullMarked;
