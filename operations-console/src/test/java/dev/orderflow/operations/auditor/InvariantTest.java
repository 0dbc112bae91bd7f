package dev.orderflow.operations.auditor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.operations.auditor.Evidence.Charge;
import dev.orderflow.operations.auditor.Evidence.Mail;
import dev.orderflow.operations.auditor.Evidence.OfArticle;
import dev.orderflow.operations.auditor.Evidence.OfOrder;
import dev.orderflow.operations.auditor.Evidence.Order;
import dev.orderflow.operations.auditor.Evidence.Payment;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class InvariantTest {

    private static final Money TOTAL = new Money(new BigDecimal("49.90"), "EUR");
    private static final Money PART = new Money(new BigDecimal("6.00"), "EUR");

    private static final List<List<Charge>> CHARGES =
            List.of(
                    List.of(),
                    List.of(new Charge(TOTAL, Optional.empty(), Optional.empty())),
                    List.of(new Charge(TOTAL, Optional.empty(), Optional.of(TOTAL))),
                    List.of(new Charge(TOTAL, Optional.of(TOTAL), Optional.empty())),
                    List.of(new Charge(TOTAL, Optional.of(PART), Optional.empty())),
                    List.of(
                            new Charge(TOTAL, Optional.of(TOTAL), Optional.of(PART)),
                            new Charge(PART, Optional.empty(), Optional.empty())));

    private static final List<Optional<Payment>> PAYMENTS =
            List.of(
                    Optional.empty(),
                    payment("UNKNOWN", Optional.empty(), Optional.empty(), Optional.empty()),
                    payment("AUTHORIZED", Optional.of(TOTAL), Optional.empty(), Optional.empty()),
                    payment("REFUNDED", Optional.of(TOTAL), Optional.of(TOTAL), Optional.of(PART)));

    /// Whatever an invariant can find, in every state of the evidence that there is.
    @Test
    void everyFindingIsASentenceForAPersonAndNoDumpOfObjects() {
        var texts = new EnumMap<Invariant, Set<String>>(Invariant.class);
        for (var evidence : everything()) {
            for (var invariant : Invariant.values()) {
                if (invariant.check(evidence) instanceof Verdict.Broken(var detail)) {
                    texts.computeIfAbsent(invariant, _ -> new TreeSet<>()).add(detail);
                }
            }
        }
        assertThat(texts.keySet()).containsExactlyInAnyOrder(Invariant.values());
        assertThat(texts.values())
                .allSatisfy(
                        some ->
                                assertThat(some)
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
    void aPaymentThatContradictsTheGatewayIsToldWithAmountsAndStates() {
        var order = order("SHIPPED", CHARGES.get(4), PAYMENTS.get(3), Optional.of("FULFILLED"));
        assertThat(Invariant.SHIPPED_IS_CAPTURED.check(order))
                .isEqualTo(
                        new Verdict.Broken(
                                "the total is 49.90 EUR; payment-service says REFUNDED, authorised 49.90 EUR, captured 49.90 EUR, refunded 6.00 EUR; the gateway has one charge: 49.90 EUR authorised, 6.00 EUR captured"));
    }

    private static List<Evidence> everything() {
        var all = new ArrayList<Evidence>();
        for (var state : List.of("PENDING", "CONFIRMED", "SHIPPED", "REJECTED", "CANCELLED")) {
            for (var charges : CHARGES) {
                for (var payment : PAYMENTS) {
                    for (var status : List.of("HELD", "FULFILLED", "BOOKED", "")) {
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
        all.add(new OfArticle("MUG-BLUE", 5, 2, 6, 1, 3));
        return all;
    }

    private static OfOrder order(
            String state,
            List<Charge> charges,
            Optional<Payment> payment,
            Optional<String> status) {
        return new OfOrder(
                new Order(UUID.randomUUID(), state, TOTAL, 1, Instant.EPOCH),
                payment,
                charges,
                status,
                status,
                status.map(some -> List.of(new Mail("OrderConfirmed", "SENT"))).orElse(List.of()));
    }

    private static Optional<Payment> payment(
            String status,
            Optional<Money> amount,
            Optional<Money> captured,
            Optional<Money> refunded) {
        return Optional.of(new Payment(status, amount, captured, refunded));
    }
}
