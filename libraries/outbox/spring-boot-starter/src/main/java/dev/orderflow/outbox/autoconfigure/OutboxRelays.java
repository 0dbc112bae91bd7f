package dev.orderflow.outbox.autoconfigure;

import dev.orderflow.outbox.OutboxRelay;
import java.util.List;
import org.springframework.context.SmartLifecycle;

/// Runs the relays while the application runs. They start before and stop after the web server and
/// message listeners, so that events of the last request are still published.
public final class OutboxRelays implements SmartLifecycle {

    private final List<OutboxRelay> relays;
    private volatile boolean isRunning;

    OutboxRelays(List<OutboxRelay> relays) {
        this.relays = List.copyOf(relays);
    }

    /// The relays of this process, one for each target.
    public List<OutboxRelay> all() {
        return relays;
    }

    @Override
    public void start() {
        isRunning = true;
        relays.forEach(OutboxRelay::start);
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
