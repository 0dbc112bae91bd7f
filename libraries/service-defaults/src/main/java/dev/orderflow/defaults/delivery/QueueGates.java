package dev.orderflow.defaults.delivery;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;

/// The gates of all queues this instance listens to; each closes by itself when a handler finds
/// that something it needs does not answer.
final class QueueGates implements PollingGate, ApplicationListener<ContextClosedEvent> {

    private final ConcurrentMap<String, QueueGate> gates = new ConcurrentHashMap<>();
    private final ApplicationContext context;
    private final Duration probeEvery;

    /// @param context whose end makes waiting messages go back
    /// @param probeEvery how often one message is received while a gate is closed
    QueueGates(ApplicationContext context, Duration probeEvery) {
        this.context = context;
        this.probeEvery = probeEvery;
    }

    QueueGate of(String queue) {
        return gates.computeIfAbsent(queue, name -> new QueueGate(name, probeEvery));
    }

    @Override
    public int grant(String queue, int wanted, int inHand) {
        return of(queue).grant(wanted, inHand);
    }

    /// Before the listener containers stop, which wait for the messages in hand. A context of its
    /// own, as the management port has one, may close for itself.
    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        if (event.getApplicationContext() == context) {
            gates.values().forEach(QueueGate::stop);
        }
    }
}
