package dev.orderflow.defaults.delivery;

/// Limits how many messages of a queue may be received now. Every bean of this type is called
/// before each poll of each listener.
///
/// A message that is not received loses none of its receives, so that an outage of a dependency
/// cannot move it to the dead-letter queue.
public interface PollingGate {

    /// @param queue the queue's name
    /// @param requested how many messages the listener could receive, at least 1
    /// @param inFlight how many messages of the queue this instance is receiving or handling
    /// @return how many messages may be received, 0 to `requested`
    int grant(String queue, int requested, int inFlight);

    /// Whether polling of a queue is paused now; single messages may still be received as probes.
    /// The meter `polling.paused` publishes it.
    ///
    /// @param queue the queue's name
    boolean isPaused(String queue);
}
