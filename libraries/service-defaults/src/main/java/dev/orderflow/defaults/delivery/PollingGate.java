package dev.orderflow.defaults.delivery;

/// Says how many messages of a queue may be received now. Each bean of this type is asked before
/// every poll of every listener.
///
/// A message that is not received uses up none of its receives, so an outage of something that the
/// handler needs cannot send it to the dead-letter queue.
public interface PollingGate {

    /// @param queue the queue's name
    /// @param wanted how many messages would be received, at least 1
    /// @param inHand how many messages of the queue this instance has received and not finished, or
    ///     is receiving
    /// @return how many may be received, 0 to `wanted`
    int grant(String queue, int wanted, int inHand);
}
