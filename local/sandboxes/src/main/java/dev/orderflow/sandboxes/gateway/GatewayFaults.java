package dev.orderflow.sandboxes.gateway;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What goes wrong, until told otherwise or for a number of requests.
final class GatewayFaults {

    enum FaultMode {
        none,
        /// 503 to everything; nothing is done and nothing stored.
        down,
        /// It is done, and the answer comes late.
        slow,
        /// 500; nothing is done, and the failure is stored under the key, as Stripe stores it.
        error500,
        /// The connection breaks before anything is done.
        reset,
        /// 429; nothing is done and nothing stored.
        throttle429,
        /// It is done, and the connection breaks without an answer.
        answerLost,
        /// 400 with a code; nothing is done, and the refusal is stored under the key.
        refused;

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

    /// @param left for how many requests more, none for all
    /// @param on only for requests of this step, none for all
    /// @param code why it is refused, when it is
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

    /// How late a late answer is, unless a fault says otherwise.
    Duration slowness() {
        return slowness;
    }

    synchronized void activate(GatewayFault fault) {
        current = fault;
    }

    synchronized GatewayFault current() {
        return current;
    }

    /// What goes wrong with this request.
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
