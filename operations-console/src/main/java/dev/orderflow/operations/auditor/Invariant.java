package dev.orderflow.operations.auditor;

import dev.orderflow.operations.auditor.AuditSnapshot.ArticleBalance;
import dev.orderflow.operations.auditor.AuditSnapshot.EmailRecord;
import dev.orderflow.operations.auditor.AuditSnapshot.GatewayCharge;
import dev.orderflow.operations.auditor.AuditSnapshot.OrderRecords;
import dev.orderflow.operations.auditor.AuditSnapshot.PaymentRecord;
import dev.orderflow.operations.orders.FinalOrderState;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// What must be true, in words and as a check.
enum Invariant {
    NEVER_CHARGED_TWICE(
            "an order has at most one charge at the gateway",
            ofOrders(
                    order ->
                            InvariantResult.of(
                                    order.charges().size() <= 1, order.chargesInWords()))),

    CONFIRMED_IS_AUTHORISED(
            "a confirmed order has exactly one charge, of its total",
            ofOrders(
                    order ->
                            switch (order.order().state()) {
                                case "CONFIRMED", "DISPATCHING" ->
                                        InvariantResult.of(
                                                isChargedItsTotal(order),
                                                "the total is %s; %s"
                                                        .formatted(
                                                                order.order().total(),
                                                                order.chargesInWords()));
                                default -> new InvariantResult.NotApplicable();
                            })),

    SHIPPED_IS_CAPTURED(
            "a shipped order's total is captured, once",
            ofShipped(
                    order ->
                            InvariantResult.of(
                                    isCapturedItsTotal(order),
                                    "the total is %s; %s; %s"
                                            .formatted(
                                                    order.order().total(),
                                                    order.paymentInWords(),
                                                    order.chargesInWords())))),

    PAYMENT_AGREES_WITH_GATEWAY(
            "what the gateway holds, captured and refunded for an order is what was asked for here",
            ofOrders(
                    order ->
                            order.payment()
                                    .map(payment -> agreesWithGateway(payment, order))
                                    .orElseGet(InvariantResult.NotApplicable::new))),

    SHIPPED_LEFT_THE_STOCK(
            "a shipped order's reservation is fulfilled",
            ofShipped(
                    order ->
                            InvariantResult.of(
                                    order.reservation().equals(Optional.of("FULFILLED")),
                                    order.reservationInWords()))),

    SHIPPED_IS_BOOKED(
            "a shipped order's shipment is booked with the carrier",
            ofShipped(
                    order ->
                            InvariantResult.of(
                                    order.shipment().equals(Optional.of("BOOKED")),
                                    order.shipmentInWords()))),

    SHIPPED_IS_TOLD(
            "the customer of a shipped order is told so by one mail",
            ofShipped(
                    order ->
                            InvariantResult.of(
                                    order.mails().stream()
                                                    .filter(Invariant::tellsOfShipping)
                                                    .count()
                                            == 1,
                                    order.mailsInWords()))),

    ENDED_COSTS_NOTHING(
            "a rejected or cancelled order costs the customer nothing",
            ofEnded(
                    order ->
                            InvariantResult.of(
                                    order.charges().stream()
                                            .map(GatewayCharge::net)
                                            .allMatch(SignedAmount::isNothing),
                                    order.chargesInWords()))),

    ENDED_HOLDS_NO_STOCK(
            "a rejected or cancelled order holds no stock",
            ofEnded(
                    order ->
                            InvariantResult.of(
                                    order.reservation()
                                            .map(Set.of("REFUSED", "RELEASED", "EXPIRED")::contains)
                                            .orElse(true),
                                    order.reservationInWords()))),

    ENDED_IS_NOT_SHIPPED(
            "a rejected or cancelled order has no booked shipment",
            ofEnded(
                    order ->
                            InvariantResult.of(
                                    !order.shipment().equals(Optional.of("BOOKED")),
                                    order.shipmentInWords()))),

    STOCK_IS_WHAT_THE_LEDGER_SAYS(
            "stock on hand and reserved are the sums of the ledger",
            ofArticles(
                    article ->
                            InvariantResult.of(
                                    article.onHand() == article.ledgerOnHand()
                                            && article.reserved() == article.ledgerReserved()
                                            && article.reserved() <= article.onHand(),
                                    article.inWords()))),

    RESERVED_FOR_ORDERS(
            "reserved stock is what reservations hold for orders",
            ofArticles(
                    article ->
                            InvariantResult.of(
                                    article.reserved() == article.heldForOrders(),
                                    article.inWords())));

    private final String words;
    private final Function<AuditSnapshot, InvariantResult> check;

    Invariant(String words, Function<AuditSnapshot, InvariantResult> check) {
        this.words = words;
        this.check = check;
    }

    /// What must be true.
    String sentence() {
        return words;
    }

    InvariantResult check(AuditSnapshot records) {
        return check.apply(records);
    }

    /// For metrics, in lower case.
    String tag() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static boolean isChargedItsTotal(OrderRecords order) {
        return order.charges().size() == 1
                && order.charges().getFirst().amount().equals(order.order().total())
                && order.charges().getFirst().refunded().isEmpty();
    }

    private static boolean isCapturedItsTotal(OrderRecords order) {
        if (order.charges().size() != 1) {
            return false;
        }
        var total = order.order().total();
        var charge = order.charges().getFirst();
        return charge.amount().equals(total)
                && charge.captured().equals(Optional.of(total))
                && order.payment()
                        .filter(
                                payment ->
                                        List.of("CAPTURED", "REFUNDED").contains(payment.status()))
                        .isPresent();
    }

    /// A person may refund or cancel in the gateway's own dashboard; that is found here, in
    /// whatever state the order is. What is still unknown to payment-service has its own alarm.
    private static InvariantResult agreesWithGateway(PaymentRecord payment, OrderRecords order) {
        boolean agrees;
        switch (payment.status()) {
            case "UNKNOWN" -> {
                return new InvariantResult.NotApplicable();
            }
            case "AUTHORIZED" ->
                    agrees =
                            order.charges().size() == 1
                                    && order.charges().getFirst().captured().isEmpty();
            case "CAPTURED", "REFUNDED" ->
                    agrees =
                            order.charges().stream()
                                    .anyMatch(
                                            charge ->
                                                    charge.captured().equals(payment.captured())
                                                            && charge.refunded()
                                                                    .equals(payment.refunded()));
            default ->
                    agrees =
                            order.charges().stream()
                                    .map(GatewayCharge::net)
                                    .allMatch(SignedAmount::isNothing);
        }
        return InvariantResult.of(
                agrees, "%s; %s".formatted(order.paymentInWords(), order.chargesInWords()));
    }

    /// One of which nobody knows whether it left counts: it is listed among the unknown mails,
    /// and never repeated.
    private static boolean tellsOfShipping(EmailRecord mail) {
        return mail.eventType().equals("OrderShipped")
                && List.of("SENT", "UNKNOWN").contains(mail.state());
    }

    private static Function<AuditSnapshot, InvariantResult> ofOrders(
            Function<OrderRecords, InvariantResult> check) {
        return records ->
                records instanceof OrderRecords order
                        ? check.apply(order)
                        : new InvariantResult.NotApplicable();
    }

    private static Function<AuditSnapshot, InvariantResult> ofShipped(
            Function<OrderRecords, InvariantResult> check) {
        return ofFinal(FinalOrderState.SHIPPED::equals, check);
    }

    private static Function<AuditSnapshot, InvariantResult> ofEnded(
            Function<OrderRecords, InvariantResult> check) {
        return ofFinal(FinalOrderState::isUnshipped, check);
    }

    private static Function<AuditSnapshot, InvariantResult> ofFinal(
            Predicate<FinalOrderState> states, Function<OrderRecords, InvariantResult> check) {
        return ofOrders(
                order ->
                        FinalOrderState.of(order.order().state())
                                .filter(states)
                                .map(_ -> check.apply(order))
                                .orElseGet(InvariantResult.NotApplicable::new));
    }

    private static Function<AuditSnapshot, InvariantResult> ofArticles(
            Function<ArticleBalance, InvariantResult> check) {
        return records ->
                records instanceof ArticleBalance article
                        ? check.apply(article)
                        : new InvariantResult.NotApplicable();
    }
}
