package dev.orderflow.sandboxes.gateway;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The active fault, which applies until it is replaced or for a number of requests.
final class GatewayFaults {

    enum FaultMode {
        none("Answers as it should."),
        down("503 to all requests; nothing is processed or stored."),
        slow("The request is processed; the response is late."),
        error500(
                "500; nothing is processed, and the failure is stored under the key, as Stripe stores it."),
        reset("The connection breaks before the request is processed."),
        throttle429("429; nothing is processed or stored."),
        answerLost("The request is processed; the connection breaks without a response."),
        refused("400 with a code; nothing is processed, and the response is stored under the key.");

        private final String effect;

        FaultMode(String effect) {
            this.effect = effect;
        }

        /// What it does, as one sentence for people.
        String effect() {
            return effect;
        }

        static FaultMode named(String name) {
            return Arrays.stream(values())
                    .filter(mode -> mode.name().equals(name))
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    new IllegalArgumentException(
                                            "mode must be one of "
                                                    + Arrays.stream(values())
                                                            .map(FaultMode::name)
                                                            .collect(Collectors.joining(", "))));
        }
    }

    /// @param left the number of remaining requests, null for all
    /// @param on the operation it applies to, null for all
    /// @param code the error code of mode `refused`
    record GatewayFault(
            FaultMode mode,
            @Nullable Integer left,
            @Nullable GatewayOperation on,
            Duration delay,
            @Nullable String code) {}

    private final Duration slowness;
    private GatewayFault current;

    GatewayFaults(Duration slowness) {
        this.slowness = slowness;
        this.current = new GatewayFault(FaultMode.none, null, null, slowness, null);
    }

    /// The default delay of a late response.
    Duration slowness() {
        return slowness;
    }

    synchronized void activate(GatewayFault fault) {
        current = fault;
    }

    synchronized GatewayFault current() {
        return current;
    }

    /// Takes the fault for the next request.
    synchronized GatewayFault next(GatewayOperation step) {
        var fault = current;
        var nothing = new GatewayFault(FaultMode.none, null, null, slowness, null);
        if (fault.mode() == FaultMode.none || (fault.on() != null && fault.on() != step)) {
            return nothing;
        }
        if (fault.left() != null) {
            current =
                    fault.left() == 1
                            ? nothing
                            : new GatewayFault(
                                    fault.mode(),
                                    fault.left() - 1,
                                    fault.on(),
                                    fault.delay(),
                                    fault.code());
        }
        return fault;
    }
}
