package dev.orderflow.order.access;

import dev.orderflow.contracts.value.CustomerRef;
import java.util.UUID;

/// The append-only log of operators' access to customers' orders.
public interface OperatorAccessLog {

    /// The kinds of access.
    enum OperatorAction {
        READ,
        CANCEL
    }

    /// Appends an entry, in the caller's transaction if there is one.
    void append(CustomerRef operator, OperatorAction action, UUID orderId);
}
