package dev.orderflow.inventory.reservation;

import java.util.UUID;

/// The port to order-service.
public interface OrderClient {

    /// Finds the outcome of an order.
    OrderOutcome findOutcome(UUID orderId);

    /// The outcome of an order, as far as its stock is concerned.
    enum OrderOutcome {
        /// It may still ship.
        OPEN,
        /// It has shipped; its `OrderShipped` event will deduct the stock.
        SHIPPED,
        /// It was rejected or cancelled and will never ship.
        FINAL,
        /// order-service did not respond with a known state.
        UNKNOWN
    }
}
