/// Calls of the services' internal APIs, the reading of their JSON responses, and descriptions of
/// failed calls.
///
/// Guarantee: a response with a missing field, without JSON or from another server counts as no
/// response, so nothing is concluded from it. Limit: a failed call is not repeated; callers repeat
/// it in their next round or view.
@NullMarked
package dev.orderflow.operations.services;

import org.jspecify.annotations.NullMarked;
