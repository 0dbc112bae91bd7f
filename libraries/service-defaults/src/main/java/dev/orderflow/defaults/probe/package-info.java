/// The health check that runs in a container.
///
/// It needs only the JDK, so that an image needs neither a shell nor curl.
@NullMarked
package dev.orderflow.defaults.probe;

import org.jspecify.annotations.NullMarked;
