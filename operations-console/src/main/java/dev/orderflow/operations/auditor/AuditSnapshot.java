package dev.orderflow.operations.auditor;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/// What the services said about one thing.
sealed interface AuditSnapshot {

    /// What it is about: an order's id, or an article's sku.
    String subject();

    /// @param payment none when payment-service has not heard of the order
    /// @param charges as the gateway has them
    /// @param reservation the status; none when inventory-service has not heard of the order
    /// @param shipment the status; none when shipping-service has not heard of the order
    /// @param mails what the customer was mailed about
    record OrderRecords(
            OrderRecord order,
            Optional<PaymentRecord> payment,
            List<GatewayCharge> charges,
            Optional<String> reservation,
            Optional<String> shipment,
            List<EmailRecord> mails)
            implements AuditSnapshot {

        @Override
        public String subject() {
            return order.id().toString();
        }

        /// For a person: what the gateway has of the order.
        String chargesInWords() {
            return switch (charges.size()) {
                case 0 -> "the gateway has no charge";
                case 1 -> "the gateway has one charge: " + charges.getFirst().inWords();
                default ->
                        "the gateway has %d charges: %s"
                                .formatted(
                                        charges.size(),
                                        charges.stream()
                                                .map(GatewayCharge::inWords)
                                                .collect(Collectors.joining("; ")));
            };
        }

        /// For a person: what payment-service has of the order.
        String paymentInWords() {
            return payment.map(known -> "payment-service says " + known.inWords())
                    .orElse("payment-service has no payment");
        }

        String reservationInWords() {
            return reservation
                    .map(status -> "inventory-service says the reservation is " + status)
                    .orElse("inventory-service has no reservation");
        }

        String shipmentInWords() {
            return shipment.map(status -> "shipping-service says the shipment is " + status)
                    .orElse("shipping-service has no shipment");
        }

        String mailsInWords() {
            return mails.isEmpty()
                    ? "notification-service has no e-mail about the order"
                    : "the e-mails about the order: "
                            + mails.stream()
                                    .map(EmailRecord::inWords)
                                    .collect(Collectors.joining(", "));
        }
    }

    record OrderRecord(UUID id, String state, SignedAmount total) {}

    /// @param refunded none while nothing was given back
    record PaymentRecord(
            String status,
            Optional<SignedAmount> amount,
            Optional<SignedAmount> captured,
            Optional<SignedAmount> refunded) {

        /// For a person: the state and what of the money moved.
        String inWords() {
            return status
                    + amount.map(all -> ", authorised " + all).orElse("")
                    + captured.map(taken -> ", captured " + taken).orElse("")
                    + refunded.map(back -> ", refunded " + back).orElse("");
        }
    }

    /// @param captured none while it is only held
    record GatewayCharge(
            SignedAmount amount, Optional<SignedAmount> captured, Optional<SignedAmount> refunded) {

        /// What the customer is short of.
        SignedAmount net() {
            var taken = captured.orElse(amount);
            return refunded.map(taken::minus).orElse(taken);
        }

        /// For a person: what the gateway took and gave back.
        String inWords() {
            var taken =
                    captured.map(
                                    money ->
                                            money.equals(amount)
                                                    ? amount + " captured"
                                                    : amount
                                                            + " authorised, "
                                                            + money
                                                            + " captured")
                            .orElse(amount + " authorised, not captured");
            return taken
                    + refunded.map(
                                    back ->
                                            ", "
                                                    + back
                                                    + (captured.isPresent()
                                                            ? " refunded"
                                                            : " released"))
                            .orElse("");
        }
    }

    record EmailRecord(String eventType, String state) {

        /// For a person.
        String inWords() {
            return eventType + " " + state;
        }
    }

    record ArticleBalance(
            String sku,
            long onHand,
            long reserved,
            long ledgerOnHand,
            long ledgerReserved,
            long heldForOrders)
            implements AuditSnapshot {

        @Override
        public String subject() {
            return sku;
        }

        /// For a person: the three books beside each other.
        String inWords() {
            return "the stock has %d on hand and %d reserved, the ledger adds up to %d on hand and %d reserved, open reservations hold %d"
                    .formatted(onHand, reserved, ledgerOnHand, ledgerReserved, heldForOrders);
        }
    }
}
