/// The internal API, through which operators and operations-console read shipments.
///
/// Guarantee: a response contains neither a task token nor personal data. Limit: read-only.
@NullMarked
package dev.orderflow.shipping.web;

import org.jspecify.annotations.NullMarked;
