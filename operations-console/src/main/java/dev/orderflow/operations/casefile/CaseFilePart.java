package dev.orderflow.operations.casefile;

import dev.orderflow.defaults.history.OrderHistory;
import java.util.UUID;

/// A part of the system that knows something about orders.
interface CaseFilePart {

    /// Its name, for people.
    String name();

    /// What it knows about an order; empty when it knows nothing.
    ///
    /// @throws dev.orderflow.operations.services.ServiceUnavailableException when it does not
    ///     respond
    /// @throws software.amazon.awssdk.core.exception.SdkException when AWS does not respond
    /// @throws OrderUnknownException when it is the part that knows all orders, and not this one
    OrderHistory read(UUID orderId);

    /// order-service does not know the order.
    final class OrderUnknownException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        OrderUnknownException(Throwable cause) {
            super("order-service does not know the order", cause);
        }
    }
}
