/// The operators' commands: they list failures and repeat failed work safely, from a terminal.
///
/// Guarantee: a command does exactly what the API of the service does, reports success with its
/// exit code, and replaces control characters in everything it prints. Limit: without `--url` it
/// finds only a system started by `./orderflow run` of the same user.
@NullMarked
package dev.orderflow.commandline.operations;

import org.jspecify.annotations.NullMarked;
