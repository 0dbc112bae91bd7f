/// How much of a request is read at all.
@NullMarked
package dev.orderflow.defaults.http;

import org.jspecify.annotations.NullMarked;
