/// Starts the workflow of each order and receives its reports and failures. A vertical slice with
/// its own controller.
///
/// Guarantee: an order has one workflow, however often its event is published, delivered or
/// redriven, because the execution has the order's id as its name. A workflow that fails opens a
/// work item. An order whose event was lost gets its workflow after a few minutes
/// ([MissingWorkflowStarter]). Limit: Step Functions reserves the name for 90 days; an event that
/// is redriven later finds its order final and is dropped.
@NullMarked
package dev.orderflow.order.workflow;

import org.jspecify.annotations.NullMarked;
