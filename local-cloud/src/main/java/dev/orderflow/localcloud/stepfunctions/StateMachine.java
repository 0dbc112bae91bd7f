package dev.orderflow.localcloud.stepfunctions;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A state machine as it is at one moment; an update makes a new one.
///
/// @param logging and the other configurations are kept to be returned
record StateMachine(
        String arn,
        String name,
        String region,
        String account,
        Definition definition,
        String roleArn,
        Instant createdAt,
        UUID revisionId,
        boolean deleting,
        @Nullable ObjectNode logging,
        @Nullable ObjectNode tracing,
        Map<String, String> tags) {

    String executionArn(String execution) {
        return "arn:aws:states:%s:%s:execution:%s:%s".formatted(region, account, name, execution);
    }
}
