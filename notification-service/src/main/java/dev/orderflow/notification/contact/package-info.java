/// Asks order-service for a contact, at the moment it is needed and never to keep.
///
/// Guarantee: what cannot be used as one plain address is refused here, and nothing of an answer
/// gets into a log. Limit: without order-service no letter leaves.
@NullMarked
package dev.orderflow.notification.contact;

import org.jspecify.annotations.NullMarked;
