package dev.orderflow.operations.auditor;

import dev.orderflow.contracts.value.OrderStateCode;
import dev.orderflow.operations.auditor.AuditSnapshot.ArticleBalance;
import dev.orderflow.operations.auditor.AuditSnapshot.EmailRecord;
import dev.orderflow.operations.auditor.AuditSnapshot.GatewayCharge;
import dev.orderflow.operations.auditor.AuditSnapshot.OrderRecords;
import dev.orderflow.operations.auditor.AuditSnapshot.PaymentRecord;
import dev.orderflow.operations.auditor.AuditSnapshot.UnknownOrder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// A statement that must hold for an order or an article, and its check.
public enum Invariant {
    ORDER_CHARGED_AT_MOST_ONCE(
            "an order has at most one charge at the payment gateway",
            ofOrders(
                    order ->
                            InvariantResult.of(
                                    order.charges().size() <= 1, order.describeCharges()))),

    CHARGED_ORDER_KNOWN(
            "order-service knows the order of every charge that is not released or refunded",
            records ->
                    switch (records) {
                        case OrderRecords _ -> new InvariantResult.Satisfied();
                        case UnknownOrder order ->
                                InvariantResult.of(
                                        isNothingCharged(order.charges()),
                                        "order-service does not know the order; "
                                                + GatewayCharge.describeAll(order.charges()));
                        case ArticleBalance _ -> new InvariantResult.NotApplicable();
                    }),

    CONFIRMED_ORDER_AUTHORIZED(
            "a confirmed order has exactly one charge, whose amount is the total of the order",
            ofOrders(
                    order ->
                            switch (order.order().state()) {
                                case "CONFIRMED", "DISPATCHING" ->
                                        InvariantResult.of(
                                                isChargedItsTotal(order),
                                                "the total is %s; %s"
                                                        .formatted(
                                                                order.order().total(),
                                                                order.describeCharges()));
                                default -> new InvariantResult.NotApplicable();
                            })),

    SHIPPED_ORDER_CAPTURED(
            "the total of a shipped order is captured exactly once",
            ofShipped(
                    order ->
                            InvariantResult.of(
                                    isCapturedItsTotal(order),
                                    "the total is %s; %s; %s"
                                            .formatted(
                                                    order.order().total(),
                                                    order.describePayment(),
                                                    order.describeCharges())))),

    PAYMENT_MATCHES_GATEWAY(
            "the authorised, captured and refunded amounts of an order are the same at payment-service and at the gateway",
            ofOrders(
                    order ->
                            order.payment()
                                    .map(payment -> matchesGateway(payment, order))
                                    .orElseGet(InvariantResult.NotApplicable::new))),

    SHIPPED_ORDER_DEDUCTED(
            "the reservation of a shipped order is fulfilled: its stock is deducted",
            ofShipped(
                    order ->
                            InvariantResult.of(
                                    order.reservation().equals(Optional.of("FULFILLED")),
                                    order.describeReservation()))),

    SHIPPED_ORDER_BOOKED(
            "the shipment of a shipped order is booked with the carrier",
            ofShipped(
                    order ->
                            InvariantResult.of(
                                    order.shipment().equals(Optional.of("BOOKED")),
                                    order.describeShipment()))),

    SHIPPED_ORDER_NOTIFIED(
            "the customer of a shipped order is notified by exactly one e-mail",
            ofShipped(
                    order ->
                            InvariantResult.of(
                                    order.emails().stream()
                                                    .filter(Invariant::isShippingEmail)
                                                    .count()
                                            == 1,
                                    order.describeEmails()))),

    UNSHIPPED_FINAL_ORDER_NOT_CHARGED(
            "the customer of a rejected or cancelled order pays nothing",
            ofUnshippedFinal(
                    order ->
                            InvariantResult.of(
                                    isNothingCharged(order.charges()), order.describeCharges()))),

    UNSHIPPED_FINAL_ORDER_NOT_RESERVED(
            "no stock is reserved for a rejected or cancelled order",
            ofUnshippedFinal(
                    order ->
                            InvariantResult.of(
                                    order.reservation()
                                            .map(Set.of("REFUSED", "RELEASED", "EXPIRED")::contains)
                                            .orElse(true),
                                    order.describeReservation()))),

    UNSHIPPED_FINAL_ORDER_NOT_BOOKED(
            "a rejected or cancelled order has no booked shipment",
            ofUnshippedFinal(
                    order ->
                            InvariantResult.of(
                                    !order.shipment().equals(Optional.of("BOOKED")),
                                    order.describeShipment()))),

    STOCK_EQUALS_LEDGER(
            "the stock on hand and the reserved stock equal the sums of the ledger",
            ofArticles(
                    article ->
                            InvariantResult.of(
                                    article.onHand() == article.ledgerOnHand()
                                            && article.reserved() == article.ledgerReserved()
                                            && article.reserved() <= article.onHand(),
                                    article.describe()))),

    RESERVED_STOCK_EQUALS_RESERVATIONS(
            "the reserved stock of an article equals the sum of its open reservations",
            ofArticles(
                    article ->
                            InvariantResult.of(
                                    article.reserved() == article.reservedForOrders(),
                                    article.describe())));

    private final String statement;
    private final Function<AuditSnapshot, InvariantResult> check;

    Invariant(String words, Function<AuditSnapshot, InvariantResult> check) {
        this.statement = words;
        this.check = check;
    }

    /// What must hold, as text for operators.
    public String statement() {
        return statement;
    }

    InvariantResult check(AuditSnapshot records) {
        return check.apply(records);
    }

    /// Those about articles; all others are about orders.
    static List<Invariant> ofArticles() {
        return List.of(STOCK_EQUALS_LEDGER, RESERVED_STOCK_EQUALS_RESERVATIONS);
    }

    /// The value of the meters' tag `invariant`.
    String tag() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static boolean isChargedItsTotal(OrderRecords order) {
        return order.charges().size() == 1
                && order.charges().getFirst().amount().equals(order.order().total())
                && order.charges().getFirst().refunded().isEmpty();
    }

    private static boolean isNothingCharged(List<GatewayCharge> charges) {
        return charges.stream().map(GatewayCharge::net).allMatch(SignedAmount::isZero);
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
                                        List.of("CAPTURED", "REFUNDED").contains(payment.state()))
                        .isPresent();
    }

    /// Detects refunds and cancellations in the gateway's dashboard, in every state of the order. A
    /// payment with an unknown outcome has an alarm of its own.
    private static InvariantResult matchesGateway(PaymentRecord payment, OrderRecords order) {
        boolean agrees;
        switch (payment.state()) {
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
            default -> agrees = isNothingCharged(order.charges());
        }
        return InvariantResult.of(
                agrees, "%s; %s".formatted(order.describePayment(), order.describeCharges()));
    }

    /// An e-mail with an unknown delivery status counts: it is listed for operators and never sent
    /// again automatically.
    private static boolean isShippingEmail(EmailRecord mail) {
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
        return ofFinal(OrderStateCode.SHIPPED::equals, check);
    }

    private static Function<AuditSnapshot, InvariantResult> ofUnshippedFinal(
            Function<OrderRecords, InvariantResult> check) {
        return ofFinal(OrderStateCode::isUnshippedFinal, check);
    }

    private static Function<AuditSnapshot, InvariantResult> ofFinal(
            Predicate<OrderStateCode> states, Function<OrderRecords, InvariantResult> check) {
        return ofOrders(
                order ->
                        OrderStateCode.of(order.order().state())
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
