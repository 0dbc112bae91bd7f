/// The internal API of inventory-service.
///
/// Guarantee: every request gets a response of this API or a typed problem, and every `POST` can be
/// repeated safely. Limit: only for callers with the internal API key and for operators.
@NullMarked
package dev.orderflow.inventory.web;

import org.jspecify.annotations.NullMarked;
