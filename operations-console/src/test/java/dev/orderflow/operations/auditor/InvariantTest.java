package dev.orderflow.operations.auditor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.operations.auditor.AuditSnapshot.ArticleBalance;
import dev.orderflow.operations.auditor.AuditSnapshot.EmailRecord;
import dev.orderflow.operations.auditor.AuditSnapshot.GatewayCharge;
import dev.orderflow.operations.auditor.AuditSnapshot.OrderRecord;
import dev.orderflow.operations.auditor.AuditSnapshot.OrderRecords;
import dev.orderflow.operations.auditor.AuditSnapshot.PaymentRecord;
import dev.orderflow.operations.auditor.AuditSnapshot.UnknownOrder;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class InvariantTest {

    private static final SignedAmount TOTAL = new SignedAmount(new BigDecimal("49.90"), "EUR");
    private static final SignedAmount PART = new SignedAmount(new BigDecimal("6.00"), "EUR");

    private static final List<List<GatewayCharge>> CHARGES =
            List.of(
                    List.of(),
                    List.of(new GatewayCharge(TOTAL, Optional.empty(), Optional.empty())),
                    List.of(new GatewayCharge(TOTAL, Optional.empty(), Optional.of(TOTAL))),
                    List.of(new GatewayCharge(TOTAL, Optional.of(TOTAL), Optional.empty())),
                    List.of(new GatewayCharge(TOTAL, Optional.of(PART), Optional.empty())),
                    List.of(
                            new GatewayCharge(TOTAL, Optional.of(TOTAL), Optional.of(PART)),
                            new GatewayCharge(PART, Optional.empty(), Optional.empty())));

    private static final List<Optional<PaymentRecord>> PAYMENTS =
            List.of(
                    Optional.empty(),
                    payment("UNKNOWN", Optional.empty(), Optional.empty(), Optional.empty()),
                    payment("AUTHORIZED", Optional.of(TOTAL), Optional.empty(), Optional.empty()),
                    payment("REFUNDED", Optional.of(TOTAL), Optional.of(TOTAL), Optional.of(PART)));

    /// The details of all violations, for every combination of records.
    @Test
    void theDetailOfEveryViolationIsReadableTextAndNoDumpOfObjects() {
        var texts = new EnumMap<Invariant, Set<String>>(Invariant.class);
        for (var records : allCombinations()) {
            for (var invariant : Invariant.values()) {
                if (invariant.check(records) instanceof InvariantResult.Violated(var detail)) {
                    texts.computeIfAbsent(invariant, _ -> new TreeSet<>()).add(detail);
                }
            }
        }
        assertThat(texts.keySet()).containsExactlyInAnyOrder(Invariant.values());
        assertThat(texts.values())
                .allSatisfy(
                        details ->
                                assertThat(details)
                                        .allSatisfy(
                                                text ->
                                                        assertThat(text)
                                                                .doesNotContain(
                                                                        "[",
                                                                        "]",
                                                                        "{",
                                                                        "}",
                                                                        "@",
                                                                        "null",
                                                                        "Optional",
                                                                        "Money")
                                                                .doesNotMatch(
                                                                        "(?s).*\\b(Charge|Payment|Mail|Of[A-Z])\\b.*")
                                                                .matches("[a-z].{10,}")));
    }

    @Test
    void theDetailOfAPaymentThatContradictsTheGatewayHasAmountsAndStatuses() {
        var order = order("SHIPPED", CHARGES.get(4), PAYMENTS.get(3), Optional.of("FULFILLED"));
        assertThat(Invariant.SHIPPED_ORDER_CAPTURED.check(order))
                .isEqualTo(
                        new InvariantResult.Violated(
                                "the total is 49.90 EUR; payment-service says REFUNDED, authorised 49.90 EUR, captured 49.90 EUR, refunded 6.00 EUR; the gateway has one charge: 49.90 EUR authorised, 6.00 EUR captured"));
    }

    private static List<AuditSnapshot> allCombinations() {
        var all = new ArrayList<AuditSnapshot>();
        for (var state : List.of("PENDING", "CONFIRMED", "SHIPPED", "REJECTED", "CANCELLED")) {
            for (var charges : CHARGES) {
                for (var payment : PAYMENTS) {
                    for (var status : List.of("RESERVED", "FULFILLED", "BOOKED", "")) {
                        all.add(
                                order(
                                        state,
                                        charges,
                                        payment,
                                        Optional.of(status).filter(it -> !it.isEmpty())));
                    }
                }
            }
        }
        CHARGES.forEach(charges -> all.add(new UnknownOrder(UUID.randomUUID(), charges)));
        all.add(new ArticleBalance("MUG-BLUE", 5, 2, 6, 1, 3));
        return all;
    }

    private static OrderRecords order(
            String state,
            List<GatewayCharge> charges,
            Optional<PaymentRecord> payment,
            Optional<String> status) {
        return new OrderRecords(
                new OrderRecord(UUID.randomUUID(), state, TOTAL),
                payment,
                charges,
                status,
                status,
                status.map(_ -> List.of(new EmailRecord("OrderConfirmed", "SENT")))
                        .orElse(List.of()));
    }

    private static Optional<PaymentRecord> payment(
            String status,
            Optional<SignedAmount> amount,
            Optional<SignedAmount> captured,
            Optional<SignedAmount> refunded) {
        return Optional.of(new PaymentRecord(status, amount, captured, refunded));
    }
}
