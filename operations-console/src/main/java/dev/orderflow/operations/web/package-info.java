/// The operators' API, under `/internal/operations`.
///
/// Guarantee: each change is requested by an operator with a verified access token and the role
/// that the endpoint declares, and states a reason, which is optional for a decision about an
/// approval; large and forced changes wait for a second person. Limit: a token is accepted until it
/// expires.
@NullMarked
package dev.orderflow.operations.web;

import org.jspecify.annotations.NullMarked;
