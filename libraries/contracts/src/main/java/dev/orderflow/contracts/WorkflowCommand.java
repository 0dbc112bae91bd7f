package dev.orderflow.contracts;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the workflow asks of one consumer over its queue (`sqs:sendMessage.waitForTaskToken`).
public sealed interface WorkflowCommand permits ArrangeShipment, ApproveOrder {

    /// The command's name, which is the record's.
    String command();

    /// The version of this command's schema, from 1.
    int schemaVersion();

    /// The order it is about.
    UUID orderId();

    /// What `SendTaskSuccess`, `SendTaskFailure` and `SendTaskHeartbeat` take. A workflow that was
    /// redriven asks again with another token; the latest one counts.
    String taskToken();

    /// The [W3C trace parent](https://www.w3.org/TR/trace-context/) of the request behind it.
    @Nullable String traceparent();
}
