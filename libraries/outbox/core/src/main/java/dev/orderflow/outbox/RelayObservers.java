package dev.orderflow.outbox;

import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passes everything to several observers. What one of them throws reaches neither the others nor
/// the relay.
final class RelayObservers implements RelayObserver {

    private static final Logger log = LoggerFactory.getLogger(RelayObservers.class);

    private final List<RelayObserver> observers;

    RelayObservers(List<RelayObserver> observers) {
        this.observers = List.copyOf(observers);
    }

    @Override
    public void onPublished(int events) {
        each(it -> it.onPublished(events));
    }

    @Override
    public void onRejected() {
        each(RelayObserver::onRejected);
    }

    @Override
    public void onRetried(int events) {
        each(it -> it.onRetried(events));
    }

    @Override
    public void onParked() {
        each(RelayObserver::onParked);
    }

    @Override
    public void onCallFailed() {
        each(RelayObserver::onCallFailed);
    }

    @Override
    public void onNotPublished(List<OutboxEvent> events, String reason) {
        each(it -> it.onNotPublished(events, reason));
    }

    private void each(Consumer<RelayObserver> call) {
        for (var observer : observers) {
            try {
                call.accept(observer);
            } catch (RuntimeException | Error failure) {
                log.error(
                        "an observer of the relay failed: {}",
                        OutboxFailureDescription.withOrigin(failure));
            }
        }
    }
}
