/// Event patterns, matched by Event Ruler, the engine AWS open-sourced; used for EventBridge rules
/// and archives and for SNS filter policies.
///
/// A pattern is checked before it is compiled: one whose `$or` branches would multiply without
/// bound, or whose wildcards would be too costly to match, is refused, as AWS refuses it.
@NullMarked
package dev.orderflow.localcloud.pattern;

import org.jspecify.annotations.NullMarked;
