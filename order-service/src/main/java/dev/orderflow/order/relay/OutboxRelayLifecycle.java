package dev.orderflow.order.relay;

import dev.orderflow.order.outbox.EventStored;
import org.springframework.context.SmartLifecycle;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

/// Lets a relay work while the service runs. It starts before and stops after the web server
/// and the listeners, so that what a last request stored still goes out.
class OutboxRelayLifecycle implements SmartLifecycle {

    private final OutboxRelay relay;
    private volatile boolean isRunning;

    OutboxRelayLifecycle(OutboxRelay relay) {
        this.relay = relay;
    }

    /// What is known of the bus.
    OutboxTarget.TargetState existence() {
        return relay.targetState();
    }

    /// Wakes the relay of this process when an event is committed.
    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
    void on(EventStored stored) {
        relay.wakeUp(stored.orderId());
    }

    @Override
    public void start() {
        isRunning = true;
        relay.start();
    }

    @Override
    public void stop() {
        try {
            relay.stop();
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
