/// What every service shares and none may differ in, as Spring Boot auto-configuration.
///
/// A thing is admitted here when three services use it, and it may not know a business noun.
@NullMarked
package dev.orderflow.defaults;

import org.jspecify.annotations.NullMarked;
