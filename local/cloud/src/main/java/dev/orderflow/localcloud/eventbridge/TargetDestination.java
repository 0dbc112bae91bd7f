package dev.orderflow.localcloud.eventbridge;

import org.jspecify.annotations.Nullable;

/// The destination of a target.
sealed interface TargetDestination {

    /// @param groupId message group id, for a FIFO queue
    record QueueDestination(String arn, @Nullable String groupId) implements TargetDestination {}

    record TopicDestination(String arn) implements TargetDestination {}

    record StateMachineDestination(String arn) implements TargetDestination {}
}
