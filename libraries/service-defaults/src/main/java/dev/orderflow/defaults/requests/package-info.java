/// Parameters, headers and encodings of requests.
///
/// Guarantee: a request that repeats a parameter or header of which the handler takes one value is
/// rejected with 400.
@NullMarked
package dev.orderflow.defaults.requests;

import org.jspecify.annotations.NullMarked;
