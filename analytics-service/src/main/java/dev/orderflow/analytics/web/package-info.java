/// The figures, over HTTP.
@NullMarked
package dev.orderflow.analytics.web;

import org.jspecify.annotations.NullMarked;
