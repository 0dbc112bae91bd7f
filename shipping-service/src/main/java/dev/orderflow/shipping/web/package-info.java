/// What operators and tests may see of a shipment, behind the internal API's key.
///
/// Guarantee: neither a task token nor personal data is shown. Limit: it only shows.
@NullMarked
package dev.orderflow.shipping.web;

import org.jspecify.annotations.NullMarked;
