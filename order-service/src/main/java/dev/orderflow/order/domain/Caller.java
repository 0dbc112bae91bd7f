package dev.orderflow.order.domain;

import dev.orderflow.contracts.value.CustomerRef;

/// Who a request comes from, as their token says.
///
/// @param ref who they are: the customer whose orders they place and see, or the operator who is
///     written down
/// @param operator whether they may see the orders of all, and cancel them on a customer's behalf
public record Caller(CustomerRef subject, boolean operator) {}
