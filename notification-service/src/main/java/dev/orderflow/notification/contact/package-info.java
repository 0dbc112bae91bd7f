/// Requests the contact of an order's customer from order-service when it is needed; it is not
/// stored.
///
/// Guarantee: an address that is not one plain address is rejected here, and no content of a
/// response is logged. Limit: without order-service no e-mail is sent.
@NullMarked
package dev.orderflow.notification.contact;

import org.jspecify.annotations.NullMarked;
