package dev.orderflow.topology;

/// How soon an operator must act on an alarm.
public enum AlarmSeverity {
    /// At once, at any hour: orders are not accepted or do not progress, or money or stock is
    /// wrong.
    PAGE,
    /// During working hours: nothing is lost by waiting.
    TICKET
}
