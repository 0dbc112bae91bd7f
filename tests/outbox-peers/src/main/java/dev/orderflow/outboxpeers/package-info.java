/// Outboxes beside ours, each behind the same port, so that one benchmark measures all of them and
/// one suite tests all of them.
///
/// A process runs one of them ([PeerMain]); the benchmark starts the processes.
@NullMarked
package dev.orderflow.outboxpeers;

import org.jspecify.annotations.NullMarked;
