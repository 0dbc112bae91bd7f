/// The root command of `./orderflow`.
///
/// Guarantee: `./orderflow --help` lists all commands, those of other modules included. The
/// operators' commands need only this module: they call the services over HTTP. Limit: a command of
/// another module ([SystemCommand]) runs only with that module on the class path, which the
/// launcher script provides.
@NullMarked
package dev.orderflow.commandline;

import org.jspecify.annotations.NullMarked;
