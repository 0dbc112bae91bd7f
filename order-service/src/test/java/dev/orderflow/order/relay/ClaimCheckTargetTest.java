package dev.orderflow.order.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.ClaimCheck;
import dev.orderflow.contracts.EventLine;
import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.OrderCreated;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.Total;
import dev.orderflow.order.relay.OutboxTarget.EntryResult;
import dev.orderflow.order.relay.OutboxTarget.PublishResult;
import dev.orderflow.order.relay.PayloadStore.StoreResult;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ClaimCheckTargetTest {

    private static final int LIMIT = 2_000;
    private static final String SHA256 = "0".repeat(64);
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private final List<String> doings = new ArrayList<>();
    private final RecordingTarget bus = new RecordingTarget();
    private StoreResult kept =
            new StoreResult.StoredAt(
                    new ClaimCheck.PayloadLocation("ours", "events/k.json", 7, SHA256));
    private final ClaimCheckTarget claimChecking =
            new ClaimCheckTarget(
                    bus,
                    event -> {
                        doings.add("keep " + event);
                        return kept;
                    },
                    LIMIT);

    @Test
    void anEventWithinTheLimitGoesAsItIs() {
        var small = event(1);
        assertThat(claimChecking.publish(List.of(small)))
                .isEqualTo(each(new EntryResult.EntryAccepted()));
        assertThat(bus.calls).containsExactly(List.of(small));
        assertThat(doings).isEmpty();
    }

    @Test
    void theLimitCountsBytesAndNotCharacters() {
        var atTheLimit = new OutgoingEvent("e", "OrderCreated", Instant.EPOCH, "x".repeat(LIMIT));
        assertThat(atTheLimit.detailBytes()).isEqualTo(LIMIT);
        assertThat(atTheLimit.withDetail("ü".repeat(LIMIT)).detailBytes()).isEqualTo(2 * LIMIT);
        claimChecking.publish(List.of(atTheLimit));
        assertThat(bus.calls).containsExactly(List.of(atTheLimit));
    }

    @Test
    void ofALargeEventTheDetailIsKeptFirstAndThenTheBusIsToldWhere() {
        bus.publishResult =
                events -> {
                    doings.add("publish");
                    return bus.applyEntryResult(events);
                };
        var large = event(100);
        assertThat(claimChecking.publish(List.of(large)))
                .isEqualTo(each(new EntryResult.EntryAccepted()));
        assertThat(doings).containsExactly("keep " + large.eventId(), "publish");
        var sent = bus.calls.getFirst().getFirst();
        assertThat(sent.eventId()).isEqualTo(large.eventId());
        assertThat(sent.type()).isEqualTo("OrderCreated");
        assertThat(sent.occurredAt()).isEqualTo(large.occurredAt());
        var whole = JsonMapper.shared().readTree(large.detail());
        var detail = JsonMapper.shared().readTree(sent.detail());
        assertThat(detail.propertyNames())
                .containsExactlyInAnyOrder(
                        "eventId",
                        "schemaVersion",
                        "occurredAt",
                        "orderId",
                        "orderVersion",
                        "traceparent",
                        "claimCheck");
        for (var field : List.of("eventId", "schemaVersion", "occurredAt", "orderId")) {
            assertThat(detail.path(field)).isEqualTo(whole.path(field));
        }
        assertThat(detail.at("/traceparent").asString()).isEqualTo(TRACE);
        assertThat(detail.at("/claimCheck/key").asString()).isEqualTo("events/k.json");
    }

    @Test
    void aRepeatIsTheSameEventAgain() {
        var large = event(100);
        claimChecking.publish(List.of(large));
        bus.publishResult = _ -> new PublishResult.TargetUnavailable("the answer is lost");
        assertThat(claimChecking.publish(List.of(large)))
                .isInstanceOf(PublishResult.TargetUnavailable.class);
        assertThat(bus.calls).hasSize(2);
        assertThat(bus.calls.getFirst()).isEqualTo(bus.calls.getLast());
    }

    @Test
    void whatCannotBeKeptIsWithheldAndItsNeighboursGetTheVerdictOfTheBus() {
        kept = new StoreResult.StoreUnavailable("S3 answers 503");
        var refused = event(2);
        bus.entryResult =
                event ->
                        event.equals(refused)
                                ? new EntryResult.EntryRejected("no")
                                : new EntryResult.EntryAccepted();
        assertThat(claimChecking.publish(List.of(event(1), event(100), refused, event(100))))
                .isEqualTo(
                        each(
                                new EntryResult.EntryAccepted(),
                                new EntryResult.EntryWithheld("S3 answers 503"),
                                new EntryResult.EntryRejected("no"),
                                new EntryResult.EntryWithheld("S3 answers 503")));
        assertThat(bus.calls.getFirst()).hasSize(2);
    }

    @Test
    void whenNothingIsLeftTheBusIsNotAsked() {
        kept = new StoreResult.StoreUnavailable("S3 answers 503");
        assertThat(claimChecking.publish(List.of(event(100))))
                .isEqualTo(each(new EntryResult.EntryWithheld("S3 answers 503")));
        assertThat(bus.calls).isEmpty();
    }

    @Test
    void whatIsLargeAndNoEventIsForTheBusToJudge() {
        var strange = new OutgoingEvent("e", "OrderCreated", Instant.EPOCH, "x".repeat(LIMIT + 1));
        claimChecking.publish(List.of(strange));
        assertThat(bus.calls).containsExactly(List.of(strange));
        assertThat(doings).isEmpty();
    }

    private static PublishResult each(EntryResult... verdicts) {
        return new PublishResult.EntryResults(List.of(verdicts));
    }

    private static OutgoingEvent event(int lines) {
        var order = UUID.randomUUID();
        var event =
                new OrderCreated(
                        OrderEvent.idOf(order, OrderCreated.class),
                        1,
                        Instant.parse("2026-11-02T09:15:30.250Z"),
                        order,
                        1,
                        "cust-1842",
                        Collections.nCopies(lines, new EventLine("MUG-BLUE", 2)),
                        new Total(new BigDecimal("49.90"), "EUR"),
                        TRACE);
        return new OutgoingEvent(
                event.eventId(), event.type(), event.occurredAt(), MessageCodec.write(event));
    }
}
