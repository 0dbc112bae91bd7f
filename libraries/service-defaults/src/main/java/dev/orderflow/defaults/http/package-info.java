/// Limits of request bodies and strict parsing of JSON.
@NullMarked
package dev.orderflow.defaults.http;

import org.jspecify.annotations.NullMarked;
