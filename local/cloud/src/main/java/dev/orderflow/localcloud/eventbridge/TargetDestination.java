package dev.orderflow.localcloud.eventbridge;

import org.jspecify.annotations.Nullable;

/// Where a target's events go.
sealed interface TargetDestination {

    /// @param groupId for a FIFO queue
    record QueueDestination(String arn, @Nullable String groupId) implements TargetDestination {}

    record TopicDestination(String arn) implements TargetDestination {}

    record StateMachineDestination(String arn) implements TargetDestination {}
}
