package dev.orderflow.operations.auditor;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What the services said about one thing.
sealed interface Evidence {

    /// What it is about: an order's id, or an article's sku.
    String subject();

    /// @param payment none when payment-service has not heard of the order
    /// @param charges as the gateway has them
    /// @param reservation the status; none when inventory-service has not heard of the order
    /// @param shipment the status; none when shipping-service has not heard of the order
    /// @param mails what the customer was mailed about
    record OfOrder(
            Order order,
            Optional<Payment> payment,
            List<Charge> charges,
            Optional<String> reservation,
            Optional<String> shipment,
            List<Mail> mails)
            implements Evidence {

        @Override
        public String subject() {
            return order.id().toString();
        }
    }

    record Order(UUID id, String state, Money total, int version, Instant changedAt) {

        /// Whether nothing changes any more.
        boolean isFinal() {
            return switch (state) {
                case "SHIPPED", "REJECTED", "CANCELLED" -> true;
                default -> false;
            };
        }
    }

    /// @param refunded none while nothing was given back
    record Payment(
            String status,
            Optional<Money> amount,
            Optional<Money> captured,
            Optional<Money> refunded) {}

    /// @param captured none while it is only held
    record Charge(Money amount, Optional<Money> captured, Optional<Money> refunded) {

        /// What the customer is short of.
        Money net() {
            var taken = captured.orElse(amount);
            return refunded.map(taken::minus).orElse(taken);
        }
    }

    record Mail(String eventType, String state) {}

    record OfArticle(
            String sku,
            long onHand,
            long reserved,
            long ledgerOnHand,
            long ledgerReserved,
            long heldForOrders)
            implements Evidence {

        @Override
        public String subject() {
            return sku;
        }
    }
}
