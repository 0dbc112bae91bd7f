package dev.orderflow.defaults.tracing;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/// The current trace, for what is handed on, and the trace of what comes in by a queue.
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

    /// For a process that records no spans. What it logs still names the order.
    ///
    /// @param service whose log lines they are
    public static TracePropagation noop(String service) {
        return new TracePropagation(Tracer.NOOP, Propagator.NOOP, service);
    }

    /// The current span, as it is handed on with an event or a command; empty outside of any.
    public Optional<String> traceparent() {
        var span = tracer.currentSpan();
        if (span == null) {
            return Optional.empty();
        }
        var carrier = new HashMap<String, String>();
        propagator.inject(span.context(), carrier, (_, field, value) -> carrier.put(field, value));
        return Optional.ofNullable(carrier.get(TRACEPARENT));
    }

    /// Begins the work on one message. It must be [closed][Received#close()].
    ///
    /// @param name of the span, one for each queue
    /// @param traceparent what the message carries, sound or not
    /// @param orderId the order it is about, if it says so
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

    /// The work on one message.
    public final class MessageSpan implements AutoCloseable {

        private final Span span;
        private final @Nullable String orderId;

        private MessageSpan(Span span, @Nullable String orderId) {
            this.span = span;
            this.orderId = orderId;
        }

        /// Does part of the work, so that its spans and log lines are found by trace and order.
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

        /// Marks the work as failed. The failure's message stays out of the trace, as it may quote
        /// what the message holds.
        public void recordFailure(Throwable failure) {
            span.tag("error", failure.getClass().getName());
        }

        @Override
        public void close() {
            span.end();
        }
    }
}
