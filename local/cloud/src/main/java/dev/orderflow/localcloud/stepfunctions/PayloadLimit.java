package dev.orderflow.localcloud.stepfunctions;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/// The limit of inputs, outputs and arguments of states, 256 KiB
/// ([quotas](https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html)).
final class PayloadLimit {

    /// The maximum size, in bytes of UTF-8.
    static final int BYTES = 262_144;

    private PayloadLimit() {}

    /// @throws StateFailedException `States.DataLimitExceeded` if the payload is too large
    static void require(AslState state, JsonNode payload) {
        String text = StepFunctionsJson.text(payload);
        if (text.length() > BYTES
                || text.length() > BYTES / 3
                        && text.getBytes(StandardCharsets.UTF_8).length > BYTES) {
            throw StateFailedException.reported(
                    StateFailedException.DATA_LIMIT,
                    "The state/task '%s' returned a result with a size exceeding the maximum number of bytes service limit."
                            .formatted(state.head().name()));
        }
    }

    static StateDataFlow.StateOutput require(AslState state, StateDataFlow.StateOutput step) {
        require(state, step.output());
        return step;
    }
}
