package dev.orderflow.order.domain;

/// The state of an order for operators and for the auditor.
///
/// @param needsAttention whether it has an open work item
public record OrderStateSummary(OrderSummary order, boolean needsAttention) {}
