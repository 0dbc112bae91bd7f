/// Refusals a program can act on: RFC 9457 for everything that goes wrong over HTTP.
///
/// Guarantee: no answer carries a stack trace, a class name or the text of an unexpected exception.
@NullMarked
package dev.orderflow.defaults.problem;

import org.jspecify.annotations.NullMarked;
