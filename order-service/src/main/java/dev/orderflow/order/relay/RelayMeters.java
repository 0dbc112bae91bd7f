package dev.orderflow.order.relay;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/// What the relay counts.
///
/// @param published events that the bus accepted, repeats included
/// @param refused events that the bus refused, each time
/// @param parked events that were moved out of the way
/// @param failedCalls calls in which the bus was away or too busy
record RelayMeters(Counter published, Counter refused, Counter parked, Counter failedCalls) {

    static RelayMeters in(MeterRegistry meters) {
        return new RelayMeters(
                events("published", meters),
                events("refused", meters),
                events("parked", meters),
                Counter.builder("outbox.calls.failed")
                        .description("calls in which the bus was away or too busy")
                        .register(meters));
    }

    private static Counter events(String outcome, MeterRegistry meters) {
        return Counter.builder("outbox.events")
                .description("events that left the outbox or were kept from it")
                .tag("outcome", outcome)
                .register(meters);
    }
}
