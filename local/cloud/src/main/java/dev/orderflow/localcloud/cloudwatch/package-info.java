/// CloudWatch: metrics by minute, or by second if sent with that resolution, metric alarms that are
/// evaluated, and dashboards that are stored.
///
/// An alarm evaluates complete periods only, M of N, with its treatment of missing data, and
/// publishes every state change to its topics and the default bus.
@NullMarked
package dev.orderflow.localcloud.cloudwatch;

import org.jspecify.annotations.NullMarked;
