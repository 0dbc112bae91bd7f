/// The workbench: a page of a system on one machine that places orders, causes faults and follows
/// their progress.
///
/// Guarantee: it exists only where `orderflow.operations.workbench.enabled` is set, and with it the
/// console starts only under the profile `local`; elsewhere its path is that of no page. Load ends
/// by itself. Limit: faults are those of the sandboxes and of local-cloud; processes are not
/// killed, because all services of `./orderflow run` share one.
@NullMarked
package dev.orderflow.operations.workbench;

import org.jspecify.annotations.NullMarked;
