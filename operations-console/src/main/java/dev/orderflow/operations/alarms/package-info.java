/// The alarms of the system as CloudWatch knows them.
///
/// Limit: CloudWatch evaluates an alarm once a minute, so a fault of the last minute may be
/// missing.
@NullMarked
package dev.orderflow.operations.alarms;

import org.jspecify.annotations.NullMarked;
