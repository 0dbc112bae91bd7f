package dev.orderflow.order.access;

import dev.orderflow.contracts.value.CustomerRef;
import java.util.UUID;

/// What operators did with customers' orders. It is only ever added to.
public interface OperatorTrail {

    /// What there is to do.
    enum Action {
        READ,
        CANCEL
    }

    /// Writes it down, in the transaction of its caller if there is one.
    void note(CustomerRef operator, Action action, UUID orderId);
}
