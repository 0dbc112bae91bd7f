package dev.orderflow.localcloud.eventbridge;

import org.jspecify.annotations.Nullable;

/// Where a target's events go.
sealed interface Destination {

    /// @param groupId for a FIFO queue
    record Queue(String arn, @Nullable String groupId) implements Destination {}

    record Topic(String arn) implements Destination {}

    record StateMachine(String arn) implements Destination {}
}
