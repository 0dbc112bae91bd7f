package dev.orderflow.defaults.delivery;

import dev.orderflow.defaults.text.UuidFormat;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// Where a message names its order.
public final class MessageOrderId {

    /// The `detail-type` with which Step Functions reports the end of an execution. The name of the
    /// execution is the id of its order.
    public static final String EXECUTION_ENDED = "Step Functions Execution Status Change";

    private MessageOrderId() {}

    /// Finds the order of a message.
    ///
    /// @param detailType of an event; empty for a command
    /// @param content the detail of the event, or the command
    /// @return empty unless it has the form of a UUID
    public static Optional<UUID> find(String detailType, JsonNode content) {
        var field = detailType.equals(EXECUTION_ENDED) ? "name" : "orderId";
        return Optional.ofNullable(content.path(field).stringValue(null))
                .flatMap(UuidFormat::parse);
    }
}
