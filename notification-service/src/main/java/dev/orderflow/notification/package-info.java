/// Tells subscribers and customers what happened to orders, each of them once.
@NullMarked
package dev.orderflow.notification;

import org.jspecify.annotations.NullMarked;
