/// Error responses over HTTP as problems of RFC 9457, which programs can process.
///
/// Guarantee: no response contains a stack trace, a class name or the message of an unexpected
/// exception.
@NullMarked
package dev.orderflow.defaults.problem;

import org.jspecify.annotations.NullMarked;
