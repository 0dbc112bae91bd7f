package dev.orderflow.contracts;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A command that the workflow sends to a consumer through its queue
/// (`sqs:sendMessage.waitForTaskToken`).
public sealed interface WorkflowCommand permits ArrangeShipment, ApproveOrder {

    /// The name of the command, which is the name of the record.
    String command();

    /// The version of this command's schema, from 1.
    int schemaVersion();

    /// The order.
    UUID orderId();

    /// The task token for `SendTaskSuccess`, `SendTaskFailure` and `SendTaskHeartbeat`. After a
    /// redrive the workflow sends the command again with another token; only the latest token is
    /// valid.
    String taskToken();

    /// The [W3C trace parent](https://www.w3.org/TR/trace-context/) of the request that caused the
    /// command.
    @Nullable String traceparent();
}
