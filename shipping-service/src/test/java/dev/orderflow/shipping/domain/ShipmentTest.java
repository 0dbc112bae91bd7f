package dev.orderflow.shipping.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.contracts.value.TaskToken;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShipmentTest {

    private static final TaskToken TOKEN = new TaskToken("token-1");
    private static final TaskToken NEWER = new TaskToken("token-2");
    private static final Instant NOON = Instant.parse("2026-11-02T12:00:00Z");
    private static final TrackingNumber NUMBER = new TrackingNumber("TRACK-1");

    private static final Map<String, ShipmentState> STATES = new LinkedHashMap<>();
    private static final Map<String, ShipmentUpdate> REPORTS = new LinkedHashMap<>();

    /// The next state of every report in every state, `=` for unchanged, `!` for out of order.
    private static final String TABLE =
            """
                                   cancel     granted             denied     booked  other   refused  expired                withdrawn
            WAITING                CANCELLED  DISPATCH_PERMITTED  CANCELLED  !       !       !        AUTHORIZATION_EXPIRED  !
            DISPATCH_PERMITTED     !          =                   !          BOOKED  BOOKED  REJECTED  =                      AUTHORIZATION_EXPIRED
            BOOKED                 !          =                   =          =       !       !        =                      !
            REJECTED                =          =                   =          !       !       =        =                      =
            CANCELLED              =          !                   =          !       !       !        =                      !
            AUTHORIZATION_EXPIRED  =          =                   =          !       !       =        =                      =
            """;

    static {
        for (var state :
                List.of(
                        new ShipmentState.ShipmentWaiting(),
                        new ShipmentState.ShipmentPermitted(),
                        new ShipmentState.ShipmentBooked(NUMBER),
                        new ShipmentState.ShipmentRejected(),
                        new ShipmentState.ShipmentCancelled(),
                        new ShipmentState.AuthorizationExpired())) {
            STATES.put(state.code().name(), state);
        }
        REPORTS.put("cancel", new ShipmentUpdate.CancellationRequested());
        REPORTS.put("granted", new ShipmentUpdate.PermitGranted());
        REPORTS.put("denied", new ShipmentUpdate.PermitDenied());
        REPORTS.put("booked", new ShipmentUpdate.CarrierBooked(NUMBER));
        REPORTS.put("other", new ShipmentUpdate.CarrierBooked(new TrackingNumber("TRACK-2")));
        REPORTS.put("refused", new ShipmentUpdate.CarrierRejected());
        REPORTS.put("expired", new ShipmentUpdate.AuthorizationExpiryReported());
        REPORTS.put("withdrawn", new ShipmentUpdate.BookingWithdrawn());
    }

    static Stream<List<String>> everyPair() {
        var lines = TABLE.lines().toList();
        var reports = lines.getFirst().strip().split("\\s+");
        return lines.stream()
                .skip(1)
                .map(line -> line.strip().split("\\s+"))
                .flatMap(
                        cells ->
                                Stream.iterate(1, i -> i < cells.length, i -> i + 1)
                                        .map(i -> List.of(cells[0], reports[i - 1], cells[i])));
    }

    @ParameterizedTest
    @MethodSource("everyPair")
    void everyReportHasAResultInEveryState(List<String> pair) {
        var before = shipment(STATES.get(pair.get(0)), pending());
        var change = before.apply(REPORTS.get(pair.get(1)));
        switch (pair.get(2)) {
            case "=" ->
                    assertThat(change).isEqualTo(new ShipmentTransition.ShipmentUnchanged(before));
            case "!" -> {
                assertThat(change).isInstanceOf(ShipmentTransition.ShipmentOutOfOrder.class);
                assertThat(change.shipment()).isEqualTo(before);
            }
            case String next -> {
                assertThat(change).isInstanceOf(ShipmentTransition.ShipmentMoved.class);
                assertThat(change.shipment().state().code().name()).isEqualTo(next);
                assertThat(change.shipment().callback()).isEqualTo(pending());
            }
        }
    }

    @Test
    void aRepeatedReportChangesNothing() {
        for (var state : STATES.values()) {
            for (var report : REPORTS.values()) {
                if (shipment(state, pending()).apply(report)
                        instanceof ShipmentTransition.ShipmentMoved(var moved)) {
                    assertThat(moved.apply(report))
                            .isEqualTo(new ShipmentTransition.ShipmentUnchanged(moved));
                }
            }
        }
    }

    @Test
    void theFirstRequestWaitsForAnAnswer() {
        var asked = newShipment().apply(new ShipmentUpdate.ShipmentRequested(TOKEN, NOON));
        assertThat(asked.shipment().callback()).isEqualTo(pending());
        assertThat(asked.shipment().state()).isEqualTo(new ShipmentState.ShipmentWaiting());
    }

    @Test
    void aCancellationBeforeTheRequestIsStored() {
        var mark = newShipment().apply(new ShipmentUpdate.CancellationRequested()).shipment();
        assertThat(mark.callback()).isEqualTo(new TaskCallback.CallbackNotRequested());
        var asked = mark.apply(new ShipmentUpdate.ShipmentRequested(TOKEN, NOON)).shipment();
        assertThat(asked.state()).isEqualTo(new ShipmentState.ShipmentCancelled());
        assertThat(asked.callback()).isEqualTo(pending());
    }

    @Test
    void theLatestTokenCountsInAnyOrderOfArrival() {
        var early = new ShipmentUpdate.ShipmentRequested(TOKEN, NOON);
        var late = new ShipmentUpdate.ShipmentRequested(NEWER, NOON.plusSeconds(900));
        var inOrder = newShipment().apply(early).shipment().apply(late).shipment();
        var swapped = newShipment().apply(late).shipment().apply(early).shipment();
        assertThat(inOrder.callback())
                .isEqualTo(new TaskCallback.CallbackPending(NEWER, NOON.plusSeconds(900)));
        assertThat(swapped.callback()).isEqualTo(inOrder.callback());
    }

    @Test
    void aNewTokenIsPendingAfterAnEarlierAnswer() {
        var answered =
                shipment(
                        new ShipmentState.ShipmentBooked(NUMBER),
                        new TaskCallback.CallbackAnswered(TOKEN, NOON));
        assertThat(
                        answered.apply(
                                        new ShipmentUpdate.ShipmentRequested(
                                                NEWER, NOON.plusSeconds(1)))
                                .shipment()
                                .callback())
                .isEqualTo(new TaskCallback.CallbackPending(NEWER, NOON.plusSeconds(1)));
        assertThat(answered.apply(new ShipmentUpdate.ShipmentRequested(TOKEN, NOON)))
                .isInstanceOf(ShipmentTransition.ShipmentUnchanged.class);
    }

    @Test
    void anAnswerAppliesToItsTokenOnly() {
        var booked = shipment(new ShipmentState.ShipmentBooked(NUMBER), pending());
        assertThat(booked.apply(new ShipmentUpdate.AnswerAccepted(TOKEN)).shipment().callback())
                .isEqualTo(new TaskCallback.CallbackAnswered(TOKEN, NOON));
        assertThat(booked.apply(new ShipmentUpdate.AnswerAccepted(NEWER)))
                .isEqualTo(new ShipmentTransition.ShipmentUnchanged(booked));
        assertThat(booked.apply(new ShipmentUpdate.TaskTokenRejected(NEWER, "TaskTimedOut")))
                .isEqualTo(new ShipmentTransition.ShipmentUnchanged(booked));
    }

    @Test
    void anAnswerBeforeTheOutcomeIsOutOfOrder() {
        assertThat(
                        shipment(new ShipmentState.ShipmentPermitted(), pending())
                                .apply(new ShipmentUpdate.AnswerAccepted(TOKEN)))
                .isInstanceOf(ShipmentTransition.ShipmentOutOfOrder.class);
    }

    @Test
    void ofTwoAnswersTheAcceptedOneIsStored() {
        var booked = shipment(new ShipmentState.ShipmentBooked(NUMBER), pending());
        var taken = new ShipmentUpdate.AnswerAccepted(TOKEN);
        var refused = new ShipmentUpdate.TaskTokenRejected(TOKEN, "TaskTimedOut");
        var answered = new TaskCallback.CallbackAnswered(TOKEN, NOON);
        assertThat(booked.apply(taken).shipment().apply(refused).shipment().callback())
                .isEqualTo(answered);
        assertThat(booked.apply(refused).shipment().apply(taken).shipment().callback())
                .isEqualTo(answered);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "has space", "semi;colon", "a\nb", "ünïcode"})
    void aTrackingNumberHasPlainCharacters(String value) {
        assertThatThrownBy(() -> new TrackingNumber(value))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void toStringOmitsTheToken() {
        assertThat(pending().toString() + new ShipmentUpdate.ShipmentRequested(TOKEN, NOON))
                .doesNotContain(TOKEN.value());
        assertThatThrownBy(() -> new TaskToken("x".repeat(2_049)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2048")
                .hasMessageNotContaining("xxx");
    }

    private static Shipment newShipment() {
        return Shipment.create(new UUID(0, 1), new UUID(0, 2));
    }

    private static Shipment shipment(ShipmentState progress, TaskCallback caller) {
        return new Shipment(new UUID(0, 1), new UUID(0, 2), progress, caller);
    }

    private static TaskCallback pending() {
        return new TaskCallback.CallbackPending(TOKEN, NOON);
    }
}
