/// The operators' API, under `/internal/operations`.
///
/// Guarantee: a change without operator and reason is rejected. Limit: the operator's name is not
/// verified; only the internal API key is.
@NullMarked
package dev.orderflow.operations.web;

import org.jspecify.annotations.NullMarked;
