/// CloudWatch: metrics by minute, and metric alarms that are evaluated.
///
/// An alarm evaluates complete periods only, M of N, with its treatment of missing data, and
/// publishes every state change to its topics and the default bus.
@NullMarked
package dev.orderflow.localcloud.cloudwatch;

import org.jspecify.annotations.NullMarked;
