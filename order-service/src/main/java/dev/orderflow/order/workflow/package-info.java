/// The order's side of its workflow: starts it, hears of its progress and of its failure.
///
/// Guarantee: an order has one workflow, however often its event is published, delivered or
/// redriven, because the execution has the order's id as its name. A workflow that ends badly puts
/// its order before a person. An order whose event was lost gets its workflow after a few minutes
/// ([WorkflowRestartService]). Limit: the name is reserved for 90 days; an event that is redriven
/// later than that finds its order final and is dropped.
@NullMarked
package dev.orderflow.order.workflow;

import org.jspecify.annotations.NullMarked;
