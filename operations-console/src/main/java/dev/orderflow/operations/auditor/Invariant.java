package dev.orderflow.operations.auditor;

import dev.orderflow.operations.auditor.Evidence.Charge;
import dev.orderflow.operations.auditor.Evidence.Mail;
import dev.orderflow.operations.auditor.Evidence.OfArticle;
import dev.orderflow.operations.auditor.Evidence.OfOrder;
import dev.orderflow.operations.auditor.Evidence.Payment;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// What must be true, in words and as a check.
enum Invariant {
    NEVER_CHARGED_TWICE(
            "an order has at most one charge at the gateway",
            ofOrders(order -> Verdict.of(order.charges().size() <= 1, order.chargesInWords()))),

    CONFIRMED_IS_AUTHORISED(
            "a confirmed order has exactly one charge, of its total",
            ofOrders(
                    order ->
                            switch (order.order().state()) {
                                case "CONFIRMED", "DISPATCHING" ->
                                        Verdict.of(
                                                isChargedItsTotal(order),
                                                "the total is %s; %s"
                                                        .formatted(
                                                                order.order().total(),
                                                                order.chargesInWords()));
                                default -> new Verdict.NotConcerned();
                            })),

    SHIPPED_IS_CAPTURED(
            "a shipped order's total is captured, once",
            ofShipped(
                    order ->
                            Verdict.of(
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
                                    .orElseGet(Verdict.NotConcerned::new))),

    SHIPPED_LEFT_THE_STOCK(
            "a shipped order's reservation is fulfilled",
            ofShipped(
                    order ->
                            Verdict.of(
                                    order.reservation().equals(Optional.of("FULFILLED")),
                                    order.reservationInWords()))),

    SHIPPED_IS_BOOKED(
            "a shipped order's shipment is booked with the carrier",
            ofShipped(
                    order ->
                            Verdict.of(
                                    order.shipment().equals(Optional.of("BOOKED")),
                                    order.shipmentInWords()))),

    SHIPPED_IS_TOLD(
            "the customer of a shipped order is told so by one mail",
            ofShipped(
                    order ->
                            Verdict.of(
                                    order.mails().stream()
                                                    .filter(Invariant::tellsOfShipping)
                                                    .count()
                                            == 1,
                                    order.mailsInWords()))),

    ENDED_COSTS_NOTHING(
            "a rejected or cancelled order costs the customer nothing",
            ofEnded(
                    order ->
                            Verdict.of(
                                    order.charges().stream()
                                            .map(Charge::net)
                                            .allMatch(Money::isNothing),
                                    order.chargesInWords()))),

    ENDED_HOLDS_NO_STOCK(
            "a rejected or cancelled order holds no stock",
            ofEnded(
                    order ->
                            Verdict.of(
                                    order.reservation()
                                            .map(Set.of("REFUSED", "RELEASED", "EXPIRED")::contains)
                                            .orElse(true),
                                    order.reservationInWords()))),

    ENDED_IS_NOT_SHIPPED(
            "a rejected or cancelled order has no booked shipment",
            ofEnded(
                    order ->
                            Verdict.of(
                                    !order.shipment().equals(Optional.of("BOOKED")),
                                    order.shipmentInWords()))),

    STOCK_IS_WHAT_THE_LEDGER_SAYS(
            "stock on hand and reserved are the sums of the ledger",
            ofArticles(
                    article ->
                            Verdict.of(
                                    article.onHand() == article.ledgerOnHand()
                                            && article.reserved() == article.ledgerReserved()
                                            && article.reserved() <= article.onHand(),
                                    article.inWords()))),

    RESERVED_FOR_ORDERS(
            "reserved stock is what reservations hold for orders",
            ofArticles(
                    article ->
                            Verdict.of(
                                    article.reserved() == article.heldForOrders(),
                                    article.inWords())));

    private final String words;
    private final Function<Evidence, Verdict> check;

    Invariant(String words, Function<Evidence, Verdict> check) {
        this.words = words;
        this.check = check;
    }

    /// What must be true.
    String words() {
        return words;
    }

    Verdict check(Evidence evidence) {
        return check.apply(evidence);
    }

    /// For metrics, in lower case.
    String tag() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static boolean isChargedItsTotal(OfOrder order) {
        return order.charges().size() == 1
                && order.charges().getFirst().amount().equals(order.order().total())
                && order.charges().getFirst().refunded().isEmpty();
    }

    private static boolean isCapturedItsTotal(OfOrder order) {
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
    private static Verdict agreesWithGateway(Payment payment, OfOrder order) {
        boolean agrees;
        switch (payment.status()) {
            case "UNKNOWN" -> {
                return new Verdict.NotConcerned();
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
                    agrees = order.charges().stream().map(Charge::net).allMatch(Money::isNothing);
        }
        return Verdict.of(
                agrees, "%s; %s".formatted(order.paymentInWords(), order.chargesInWords()));
    }

    /// One of which nobody knows whether it left counts: it is listed among the unknown mails,
    /// and never repeated.
    private static boolean tellsOfShipping(Mail mail) {
        return mail.eventType().equals("OrderShipped")
                && List.of("SENT", "UNKNOWN").contains(mail.state());
    }

    private static Function<Evidence, Verdict> ofOrders(Function<OfOrder, Verdict> check) {
        return evidence ->
                evidence instanceof OfOrder order ? check.apply(order) : new Verdict.NotConcerned();
    }

    private static Function<Evidence, Verdict> ofShipped(Function<OfOrder, Verdict> check) {
        return ofOrders(
                order ->
                        order.order().state().equals("SHIPPED")
                                ? check.apply(order)
                                : new Verdict.NotConcerned());
    }

    private static Function<Evidence, Verdict> ofEnded(Function<OfOrder, Verdict> check) {
        return ofOrders(
                order ->
                        switch (order.order().state()) {
                            case "REJECTED", "CANCELLED" -> check.apply(order);
                            default -> new Verdict.NotConcerned();
                        });
    }

    private static Function<Evidence, Verdict> ofArticles(Function<OfArticle, Verdict> check) {
        return evidence ->
                evidence instanceof OfArticle article
                        ? check.apply(article)
                        : new Verdict.NotConcerned();
    }
}
