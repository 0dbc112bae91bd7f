/// Event patterns, matched by Event Ruler, the engine AWS open-sourced; used for EventBridge rules
/// and archives and for SNS filter policies.
///
/// A pattern is validated before it is compiled. As on AWS, a pattern with too many combinations of
/// `$or` branches or too complex wildcards is rejected.
@NullMarked
package dev.orderflow.localcloud.pattern;

import org.jspecify.annotations.NullMarked;
