/// The doors of a service: which paths are to be had at which port.
///
/// Guarantee: a path that is not of a door is not found there, whatever it is spelt like and
/// whoever asks; nothing tells it apart from one that exists nowhere. Management has a door of its
/// own by Spring Boot's `management.server.port`.
@NullMarked
package dev.orderflow.defaults.ports;

import org.jspecify.annotations.NullMarked;
