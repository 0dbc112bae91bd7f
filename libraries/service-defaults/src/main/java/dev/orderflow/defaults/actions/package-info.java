/// Lists what operators requested of a service, for the audit trail of operations-console.
///
/// Guarantee: a request that may change something is listed before it is executed, also one that
/// was sent to the service itself. Limit: an entry says how the request was answered; what it
/// changed is in the tables of the service.
@NullMarked
package dev.orderflow.defaults.actions;

import org.jspecify.annotations.NullMarked;
