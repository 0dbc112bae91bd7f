/// The operators' commands: what failed, and its safe repetition, from a terminal.
///
/// Guarantee: a command does what the operations console's API does and no more, tells with its
/// exit code whether all went well, and prints nothing a message could have smuggled a terminal
/// sequence into. Limit: without `--url` it finds only a system started by `./orderflow run` of
/// the same user.
@NullMarked
package dev.orderflow.commandline.operations;

import org.jspecify.annotations.NullMarked;
