package dev.orderflow.order.access;

import dev.orderflow.contracts.value.CustomerRef;
import java.util.UUID;

/// What operators did with customers' orders. It is only ever added to.
public interface OperatorAccessLog {

    /// What there is to do.
    enum OperatorAction {
        READ,
        CANCEL
    }

    /// Writes it down, in the transaction of its caller if there is one.
    void append(CustomerRef operator, OperatorAction action, UUID orderId);
}
