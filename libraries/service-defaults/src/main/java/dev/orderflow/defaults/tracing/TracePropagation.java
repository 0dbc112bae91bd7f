package dev.orderflow.defaults.tracing;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/// Propagates the current trace into outgoing messages and starts spans for received ones.
public final class TracePropagation {

    /// The field and header of the [W3C trace context](https://www.w3.org/TR/trace-context/).
    public static final String TRACEPARENT = "traceparent";

    private final Tracer tracer;
    private final Propagator propagator;
    private final String service;

    TracePropagation(Tracer tracer, Propagator propagator, String service) {
        this.tracer = tracer;
        this.propagator = propagator;
        this.service = service;
    }

    /// For a process that records no spans. Its log lines still name the order.
    ///
    /// @param service the name of the service in log lines
    public static TracePropagation noop(String service) {
        return new TracePropagation(Tracer.NOOP, Propagator.NOOP, service);
    }

    /// The trace parent of the current span, for an event or a command; empty outside of a span.
    public Optional<String> traceparent() {
        var span = tracer.currentSpan();
        if (span == null) {
            return Optional.empty();
        }
        var carrier = new HashMap<String, String>();
        propagator.inject(span.context(), carrier, (_, field, value) -> carrier.put(field, value));
        return Optional.ofNullable(carrier.get(TRACEPARENT));
    }

    /// Starts the span of one message. It must be [closed][MessageSpan#close()].
    ///
    /// @param name the name of the span, one for each queue
    /// @param traceparent the trace parent of the message; an invalid one starts a new trace
    /// @param orderId the order that the message names, if any
    public MessageSpan startMessageSpan(
            String name, @Nullable String traceparent, @Nullable String orderId) {
        var carrier =
                traceparent == null ? Map.<String, String>of() : Map.of(TRACEPARENT, traceparent);
        var builder =
                propagator
                        .extract(carrier, (_, field) -> carrier.get(field))
                        .kind(Span.Kind.CONSUMER)
                        .name(name);
        if (orderId != null) {
            builder.tag(LogFields.ORDER_ID, orderId);
        }
        return new MessageSpan(builder.start(), orderId);
    }

    /// The span of one message.
    public final class MessageSpan implements AutoCloseable {

        private final Span span;
        private final @Nullable String orderId;

        private MessageSpan(Span span, @Nullable String orderId) {
            this.span = span;
            this.orderId = orderId;
        }

        /// Runs a part of the work within the span, with the order in its log lines.
        public void run(Runnable part) {
            MDC.put(LogFields.SERVICE, service);
            if (orderId != null) {
                MDC.put(LogFields.ORDER_ID, orderId);
            }
            try (var _ = tracer.withSpan(span)) {
                part.run();
            } finally {
                MDC.remove(LogFields.ORDER_ID);
                MDC.remove(LogFields.SERVICE);
            }
        }

        /// Marks the span as failed. The message of the failure is left out, because it may quote
        /// personal data.
        public void recordFailure(Throwable failure) {
            span.tag("error", failure.getClass().getName());
        }

        @Override
        public void close() {
            span.end();
        }
    }
}
