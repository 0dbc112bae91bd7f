@NullMarked
package dev.orderflow.notification.message;

import org.jspecify.annotations.NullMarked;
