/// Textual forms of values in untrusted input (paths, headers, messages, execution names,
/// command-line options), and digests.
@NullMarked
package dev.orderflow.defaults.text;

import org.jspecify.annotations.NullMarked;
