package dev.orderflow.operations.auditor;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/// What the services recorded about one order or one article.
sealed interface AuditSnapshot {

    /// The order id, or the article's SKU.
    String subject();

    /// @param payment empty when payment-service has no payment of the order
    /// @param charges the charges at the payment gateway
    /// @param reservation its state; empty when inventory-service has none for the order
    /// @param shipment its state; empty when shipping-service has none for the order
    /// @param emails the e-mails to the customer about the order
    record OrderRecords(
            OrderRecord order,
            Optional<PaymentRecord> payment,
            List<GatewayCharge> charges,
            Optional<String> reservation,
            Optional<String> shipment,
            List<EmailRecord> emails)
            implements AuditSnapshot {

        @Override
        public String subject() {
            return order.id().toString();
        }

        /// The charges, as text for operators.
        String describeCharges() {
            return GatewayCharge.describeAll(charges);
        }

        /// The payment, as text for operators.
        String describePayment() {
            return payment.map(known -> "payment-service says " + known.describe())
                    .orElse("payment-service has no payment");
        }

        String describeReservation() {
            return reservation
                    .map(state -> "inventory-service says the reservation is " + state)
                    .orElse("inventory-service has no reservation");
        }

        String describeShipment() {
            return shipment.map(state -> "shipping-service says the shipment is " + state)
                    .orElse("shipping-service has no shipment");
        }

        String describeEmails() {
            return emails.isEmpty()
                    ? "notification-service has no e-mail about the order"
                    : "the e-mails about the order: "
                            + emails.stream()
                                    .map(EmailRecord::describe)
                                    .collect(Collectors.joining(", "));
        }
    }

    /// An order that order-service does not know.
    ///
    /// @param charges its charges at the payment gateway
    record UnknownOrder(UUID id, List<GatewayCharge> charges) implements AuditSnapshot {

        @Override
        public String subject() {
            return id.toString();
        }
    }

    record OrderRecord(UUID id, String state, SignedAmount total) {}

    /// @param refunded empty before the first refund
    record PaymentRecord(
            String state,
            Optional<SignedAmount> amount,
            Optional<SignedAmount> captured,
            Optional<SignedAmount> refunded) {

        /// The state and the amounts, as text for operators.
        String describe() {
            return state
                    + amount.map(", authorised %s"::formatted).orElse("")
                    + captured.map(", captured %s"::formatted).orElse("")
                    + refunded.map(", refunded %s"::formatted).orElse("");
        }
    }

    /// @param captured empty while the amount is only authorised
    record GatewayCharge(
            SignedAmount amount, Optional<SignedAmount> captured, Optional<SignedAmount> refunded) {

        /// What the customer pays: the captured or authorised amount less refunds.
        SignedAmount net() {
            var gross = captured.orElse(amount);
            return refunded.map(gross::minus).orElse(gross);
        }

        /// The charges of an order, as text for operators.
        static String describeAll(List<GatewayCharge> charges) {
            return switch (charges.size()) {
                case 0 -> "the gateway has no charge";
                case 1 -> "the gateway has one charge: " + charges.getFirst().describe();
                default ->
                        "the gateway has %d charges: %s"
                                .formatted(
                                        charges.size(),
                                        charges.stream()
                                                .map(GatewayCharge::describe)
                                                .collect(Collectors.joining("; ")));
            };
        }

        /// The amounts, as text for operators.
        String describe() {
            return describeCapture() + refunded.map(this::describeRefund).orElse("");
        }

        private String describeCapture() {
            if (captured.isEmpty()) {
                return amount + " authorised, not captured";
            }
            return captured.get().equals(amount)
                    ? amount + " captured"
                    : "%s authorised, %s captured".formatted(amount, captured.get());
        }

        /// The gateway records the release of an authorisation as a refund, too.
        private String describeRefund(SignedAmount refund) {
            return ", %s %s".formatted(refund, captured.isPresent() ? "refunded" : "released");
        }
    }

    record EmailRecord(String eventType, String state) {

        /// As text for operators.
        String describe() {
            return eventType + " " + state;
        }
    }

    record ArticleBalance(
            String sku,
            long onHand,
            long reserved,
            long ledgerOnHand,
            long ledgerReserved,
            long reservedForOrders)
            implements AuditSnapshot {

        @Override
        public String subject() {
            return sku;
        }

        /// The stock, the ledger and the reservations, as text for operators.
        String describe() {
            return "the stock has %d on hand and %d reserved, the ledger adds up to %d on hand and %d reserved, open reservations hold %d"
                    .formatted(onHand, reserved, ledgerOnHand, ledgerReserved, reservedForOrders);
        }
    }
}
