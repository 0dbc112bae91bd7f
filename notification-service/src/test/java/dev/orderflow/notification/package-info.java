@NullMarked
package dev.orderflow.notification;

import org.jspecify.annotations.NullMarked;
