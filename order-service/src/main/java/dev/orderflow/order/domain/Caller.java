package dev.orderflow.order.domain;

import dev.orderflow.contracts.value.CustomerRef;

/// The authenticated caller of a request, taken from the access token.
///
/// @param subject the customer whose orders the caller places and reads, or the operator whose
///     access is logged
/// @param operator whether the caller may read all orders and cancel them on a customer's behalf
public record Caller(CustomerRef subject, boolean operator) {}
