/// CloudWatch: metrics kept by the minute, alarms that are really evaluated.
///
/// Guarantee: an alarm looks at complete periods only, M of N, with the treatment of missing data
/// it was given, and tells its topics and the default bus of every change. Limit: one minute is the
/// finest resolution, a day the longest memory, and metric math is refused.
@NullMarked
package dev.orderflow.localcloud.cloudwatch;

import org.jspecify.annotations.NullMarked;
