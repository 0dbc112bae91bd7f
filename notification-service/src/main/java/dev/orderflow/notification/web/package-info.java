/// What is known about what was told.
@NullMarked
package dev.orderflow.notification.web;

import org.jspecify.annotations.NullMarked;
