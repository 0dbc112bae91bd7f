package dev.orderflow.defaults.tracing;

/// What a log line tells beside its message; `traceId` and `spanId` come with the current span.
public final class LogFields {

    /// The order the work is for.
    public static final String ORDER_ID = "orderId";

    /// Who works, where several services write to one log. Not `service`, which is an object in the
    /// Elastic Common Schema.
    public static final String SERVICE = "serviceName";

    private LogFields() {}
}
