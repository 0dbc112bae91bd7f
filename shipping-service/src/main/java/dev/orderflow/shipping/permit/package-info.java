/// The dispatch permits of order-service.
///
/// Guarantee: only order-service's own word, by the type of its problem, counts as a denial;
/// whatever else comes back is no answer. Limit: the address lives as long as the booking it is
/// for.
@NullMarked
package dev.orderflow.shipping.permit;

import org.jspecify.annotations.NullMarked;
