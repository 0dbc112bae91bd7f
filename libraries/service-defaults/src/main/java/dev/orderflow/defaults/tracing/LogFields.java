package dev.orderflow.defaults.tracing;

/// Names of the MDC fields of log lines; `traceId` and `spanId` come from the current span.
public final class LogFields {

    /// The order that is processed.
    public static final String ORDER_ID = "orderId";

    /// The service that writes the line, for processes with several services. Not `service`, which
    /// is an object in the Elastic Common Schema.
    public static final String SERVICE = "serviceName";

    private LogFields() {}
}
