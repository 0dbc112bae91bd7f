/// Bodies: limits of size and time, content negotiation and strict parsing of JSON.
@NullMarked
package dev.orderflow.defaults.http;

import org.jspecify.annotations.NullMarked;
