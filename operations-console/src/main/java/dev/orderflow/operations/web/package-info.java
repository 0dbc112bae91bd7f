/// The operators' API, under `/internal/operations`.
///
/// Guarantee: every change names who wants it and why, or is refused. Limit: who is taken at
/// their word; the internal API key is what is checked.
@NullMarked
package dev.orderflow.operations.web;

import org.jspecify.annotations.NullMarked;
