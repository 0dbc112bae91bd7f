package dev.orderflow.inventory.reservation;

import java.util.UUID;

/// Who knows whether an order is over.
public interface OrderClient {

    /// How an order stands.
    OrderOutcome findOutcome(UUID orderId);

    /// How an order stands, as far as its stock is concerned.
    enum OrderOutcome {
        /// It may still ship.
        OPEN,
        /// It has shipped; the news is on its way to the settlements.
        SHIPPED,
        /// It is over and will never ship.
        ENDED,
        /// No answer, or none that says so.
        UNKNOWN
    }
}
