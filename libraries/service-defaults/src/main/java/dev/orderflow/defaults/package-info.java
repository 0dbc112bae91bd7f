/// Behaviour that all services share, as Spring Boot auto-configuration.
///
/// Code belongs here if at least three services use it and it contains no business terms.
@NullMarked
package dev.orderflow.defaults;

import org.jspecify.annotations.NullMarked;
