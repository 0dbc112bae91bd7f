/// Admits requests to the internal API: machines with the internal API key, people with an access
/// token and a role.
///
/// Guarantee: each endpoint below `/internal` declares for whom it is with
/// [dev.orderflow.defaults.security.ForMachines] and
/// [dev.orderflow.defaults.security.ForOperators]; a service with an undeclared one does not start.
/// Every other path requires the key, except the
/// [dev.orderflow.defaults.security.PublicPaths] of the service.
@NullMarked
package dev.orderflow.defaults.security;

import org.jspecify.annotations.NullMarked;
