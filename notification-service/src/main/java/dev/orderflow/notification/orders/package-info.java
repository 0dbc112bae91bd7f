/// Asks order-service for a contact, at the moment it is needed and never to keep.
@NullMarked
package dev.orderflow.notification.orders;

import org.jspecify.annotations.NullMarked;
