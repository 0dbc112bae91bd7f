package dev.orderflow.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.analytics.projection.Fact;
import dev.orderflow.analytics.projection.Facts;
import dev.orderflow.contracts.OrderEvent;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class ProjectionTest extends AnalyticsServiceFixture {

    @Autowired private Facts facts;

    @Test
    void anOrderOnlyMovesForward() {
        var order = UUID.randomUUID();
        facts.record(List.of(fact(shipped(order, euros("20.00")), "SHIPPED", "20.00")));
        facts.record(List.of(fact(created(order, "20.00"), "PENDING", "20.00")));
        facts.record(List.of(fact(confirmed(order, "20.00"), "CONFIRMED", "20.00")));
        assertThat(summary().path("orders").toString()).isEqualTo("{\"SHIPPED\":1}");
        assertThat(summary().path("revenue").path("EUR").asString()).isEqualTo("20.00");
        assertThat(facts()).isEqualTo(3);
    }

    @Test
    void aRepeatedFactCountsOnce() {
        var order = UUID.randomUUID();
        var fact = fact(shipped(order, euros("20.00")), "SHIPPED", "20.00");
        assertThat(facts.record(List.of(fact, fact))).isEqualTo(1);
        assertThat(facts.record(List.of(fact))).isZero();
        assertThat(summary().path("revenue").path("EUR").asString()).isEqualTo("20.00");
        assertThat(summary().path("perMinute").path(0).path("shipped").longValue()).isEqualTo(1);
    }

    @Test
    void onlyTheLaterOfTwoFactsInABatchCounts() {
        var order = UUID.randomUUID();
        facts.record(
                List.of(
                        fact(rejected(order, "20.00"), "REJECTED", "20.00"),
                        fact(created(order, "20.00"), "PENDING", "20.00")));
        assertThat(summary().path("orders").toString()).isEqualTo("{\"REJECTED\":1}");
        assertThat(summary().path("revenue").isEmpty()).isTrue();
    }

    @Test
    void aReplayInAnyOrderProducesTheSameProjections() {
        var all = new ArrayList<>(life(60));
        record(all, 10);
        var expected = projections();
        assertThat(expected).hasSizeGreaterThan(60);
        for (int seed = 0; seed < 5; seed++) {
            resetState();
            var again = new ArrayList<>(all);
            again.addAll(all.subList(0, 40));
            Collections.shuffle(again, new Random(seed));
            record(again, 1 + 3 * seed);
            assertThat(projections()).as("seed %d", seed).isEqualTo(expected);
        }
    }

    @Test
    void contradictingFactsAreProjectedEquallyInAnyOrder() {
        var order = UUID.randomUUID();
        var both =
                List.of(
                        fact(shipped(order, euros("20.00")), "SHIPPED", "20.00"),
                        fact(cancelled(order, "20.00"), "CANCELLED", "20.00"));
        record(both, 1);
        var expected = projections();
        resetState();
        record(both.reversed(), 1);
        assertThat(projections()).isEqualTo(expected);
    }

    @Test
    void concurrentInstancesCountTheSameFactsOnce() throws Exception {
        var all = life(60);
        record(all, 10);
        var expected = projections();
        resetState();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running =
                    IntStream.range(0, 6)
                            .mapToObj(
                                    seed ->
                                            threads.submit(
                                                    () -> {
                                                        var mine = new ArrayList<>(all);
                                                        Collections.shuffle(mine, new Random(seed));
                                                        record(mine, 10);
                                                    }))
                            .toList();
            for (var one : running) {
                one.get();
            }
        }
        assertThat(projections()).isEqualTo(expected);
    }

    @Test
    void theSummaryAgreesWithTheOrderStates() {
        record(life(40), 7);
        assertThat(
                        jdbc.sql(
                                        """
                                        (SELECT state, currency, orders, total_amount FROM orders_by_state WHERE orders > 0
                                         EXCEPT
                                         SELECT state, currency, count(*), sum(total_amount) FROM order_state GROUP BY 1, 2)
                                        UNION ALL
                                        (SELECT state, currency, count(*), sum(total_amount) FROM order_state GROUP BY 1, 2
                                         EXCEPT
                                         SELECT state, currency, orders, total_amount FROM orders_by_state)
                                        """)
                                .query((row, _) -> row.getString(1))
                                .list())
                .isEmpty();
    }

    @Test
    void aBatchOfAnySizeCostsTwoStatementsAndACommit() {
        for (int orders : new int[] {1, 2, 50}) {
            var batch = life(orders);
            RoundTripCounter.NOTED.clear();
            facts.record(batch);
            assertThat(RoundTripCounter.NOTED)
                    .containsExactly("prepareStatement", "prepareStatement", "commit");
        }
    }

    private void record(List<Fact> all, int batch) {
        for (int i = 0; i < all.size(); i += batch) {
            facts.record(all.subList(i, Math.min(all.size(), i + batch)));
        }
    }

    /// The facts of a number of orders, with every final state.
    private static List<Fact> life(int orders) {
        var all = new ArrayList<Fact>();
        for (int i = 0; i < orders; i++) {
            var order = UUID.randomUUID();
            var amount = (i + 1) + ".10";
            all.add(fact(created(order, amount), "PENDING", amount));
            if (i % 5 != 0) {
                all.add(fact(confirmed(order, amount), "CONFIRMED", amount));
            }
            switch (i % 4) {
                case 0 -> all.add(fact(shipped(order, euros(amount)), "SHIPPED", amount));
                case 1 -> all.add(fact(rejected(order, amount), "REJECTED", amount));
                case 2 -> all.add(fact(cancelled(order, amount), "CANCELLED", amount));
                default -> {}
            }
        }
        return all;
    }

    private static Fact fact(OrderEvent event, String state, String amount) {
        return new Fact(
                event.eventId(),
                event.type(),
                event.orderId(),
                event.orderVersion(),
                event.occurredAt(),
                state,
                new BigDecimal(amount),
                "EUR",
                false);
    }
}
