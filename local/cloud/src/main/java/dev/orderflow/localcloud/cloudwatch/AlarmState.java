package dev.orderflow.localcloud.cloudwatch;

/// The state of an alarm.
enum AlarmState {
    OK,
    ALARM,
    INSUFFICIENT_DATA
}
