/// The internal HTTP API of inventory.
///
/// Guarantee: whatever is sent gets an answer of this API or a typed problem, and each `POST`
/// may be sent again. Limit: only for callers with the internal API key.
@NullMarked
package dev.orderflow.inventory.web;

import org.jspecify.annotations.NullMarked;
