package dev.orderflow.outbox.autoconfigure;

import dev.orderflow.outbox.OutboxRelay;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.context.SmartLifecycle;

/// Runs the relays while the application runs. They start before and stop after the web server and
/// message listeners, so that events of the last request are still published. A context that is
/// started again, such as a cached one of a test or one that is restored from a checkpoint, gets
/// new relays.
public final class OutboxRelays implements SmartLifecycle {

    private final Supplier<List<OutboxRelay>> newRelays;
    private volatile List<OutboxRelay> relays = List.of();
    private volatile boolean isRunning;

    /// @param newRelays creates the relays for each start, since a relay can be started once
    OutboxRelays(Supplier<List<OutboxRelay>> newRelays) {
        this.newRelays = newRelays;
    }

    /// The relays of this process, one for each target; none before the first start.
    public List<OutboxRelay> all() {
        return relays;
    }

    @Override
    public void start() {
        relays = List.copyOf(newRelays.get());
        relays.forEach(OutboxRelay::start);
        isRunning = true;
    }

    @Override
    public void stop() {
        try {
            for (var relay : relays) {
                relay.stop();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            isRunning = false;
        }
    }

    @Override
    public boolean isRunning() {
        return isRunning;
    }

    @Override
    public int getPhase() {
        return 0;
    }
}
