/// The state machine of the workflow as a graph, and the progress of one execution in it.
///
/// Guarantee: the graph is that of the definition which Step Functions runs now. Limit: an
/// execution that began with an earlier definition may have passed states that the graph does not
/// have.
@NullMarked
package dev.orderflow.operations.workflow;

import org.jspecify.annotations.NullMarked;
