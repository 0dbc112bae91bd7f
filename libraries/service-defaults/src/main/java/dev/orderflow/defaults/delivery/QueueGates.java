package dev.orderflow.defaults.delivery;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;

/// The gates of all queues that this instance listens to.
final class QueueGates implements PollingGate, ApplicationListener<ContextClosedEvent> {

    private final ConcurrentMap<String, QueueGate> gates = new ConcurrentHashMap<>();
    private final ApplicationContext context;
    private final Duration probeInterval;

    /// @param context on whose close waiting messages return to their queues
    /// @param probeInterval how often one message is received as a probe while a gate is closed
    QueueGates(ApplicationContext context, Duration probeInterval) {
        this.context = context;
        this.probeInterval = probeInterval;
    }

    QueueGate of(String queue) {
        return gates.computeIfAbsent(queue, name -> new QueueGate(name, probeInterval));
    }

    @Override
    public int grant(String queue, int requested, int inFlight) {
        return of(queue).grant(requested, inFlight);
    }

    @Override
    public boolean isPaused(String queue) {
        return of(queue).isClosed();
    }

    /// Runs before the listener containers stop, which wait for the messages in progress. The
    /// context of the management port is another one and may close separately.
    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        if (event.getApplicationContext() == context) {
            gates.values().forEach(QueueGate::stop);
        }
    }
}
