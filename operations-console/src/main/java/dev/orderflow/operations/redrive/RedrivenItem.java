package dev.orderflow.operations.redrive;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// An item that was redriven, and whose result is not known yet.
///
/// @param id the id of the dead letter, or the name of the execution
/// @param sentId the id of the message that was sent; the name of the execution
/// @param sentTo the queue that it was sent to; the state in which the execution failed
/// @param type the type of the message; the group of the execution
public record RedrivenItem(
        UUID redriveId,
        String target,
        String id,
        Optional<UUID> orderId,
        String sentId,
        String sentTo,
        String type,
        Instant redrivenAt) {}
