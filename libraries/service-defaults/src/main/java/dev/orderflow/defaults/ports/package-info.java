/// Another port of a service beside its main one, and which port serves which paths.
///
/// Guarantee: a path that a port does not serve is answered there like a path without a handler, in
/// every spelling and for every caller. Actuator endpoints have their own port,
/// `management.server.port` of Spring Boot.
@NullMarked
package dev.orderflow.defaults.ports;

import org.jspecify.annotations.NullMarked;
