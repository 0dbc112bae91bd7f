/// How values are written in texts that come from somebody else: paths, headers, messages, names of
/// executions, options of commands.
@NullMarked
package dev.orderflow.defaults.text;

import org.jspecify.annotations.NullMarked;
