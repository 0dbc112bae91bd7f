package dev.orderflow.shipping.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

    private static final Map<String, Progress> STATES = new LinkedHashMap<>();
    private static final Map<String, Report> REPORTS = new LinkedHashMap<>();

    /// What every report does in every state: the next state, `=` for no news, `!` for out of turn.
    private static final String TABLE =
            """
                       cancel     granted    denied     booked     other      refused    ended      withdrawn
            Waiting    Cancelled  Permitted  Cancelled  !          !          !          HoldEnded  !
            Permitted  !          =          !          Booked     Booked     Refused    =          HoldEnded
            Booked     !          =          =          =          !          !          =          !
            Refused    =          =          =          !          !          =          =          =
            Cancelled  =          !          =          !          !          !          =          !
            HoldEnded  =          =          =          !          !          =          =          =
            """;

    static {
        STATES.put("Waiting", new Progress.Waiting());
        STATES.put("Permitted", new Progress.Permitted());
        STATES.put("Booked", new Progress.Booked(NUMBER));
        STATES.put("Refused", new Progress.Refused());
        STATES.put("Cancelled", new Progress.Cancelled());
        STATES.put("HoldEnded", new Progress.HoldEnded());
        REPORTS.put("cancel", new Report.CancellationRequested());
        REPORTS.put("granted", new Report.PermitGranted());
        REPORTS.put("denied", new Report.PermitDenied());
        REPORTS.put("booked", new Report.CarrierBooked(NUMBER));
        REPORTS.put("other", new Report.CarrierBooked(new TrackingNumber("TRACK-2")));
        REPORTS.put("refused", new Report.CarrierRefused());
        REPORTS.put("ended", new Report.HoldEnded());
        REPORTS.put("withdrawn", new Report.BookingWithdrawn());
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
    void everyReportHasAnAnswerInEveryState(List<String> pair) {
        var before = shipment(STATES.get(pair.get(0)), awaiting());
        var change = before.on(REPORTS.get(pair.get(1)));
        switch (pair.get(2)) {
            case "=" -> assertThat(change).isEqualTo(new Change.Same(before));
            case "!" -> {
                assertThat(change).isInstanceOf(Change.OutOfTurn.class);
                assertThat(change.shipment()).isEqualTo(before);
            }
            case String next -> {
                assertThat(change).isInstanceOf(Change.Moved.class);
                assertThat(change.shipment().progress().getClass().getSimpleName()).isEqualTo(next);
                assertThat(change.shipment().caller()).isEqualTo(awaiting());
            }
        }
    }

    @Test
    void aReportHeardTwiceChangesNothing() {
        for (var state : STATES.values()) {
            for (var report : REPORTS.values()) {
                if (shipment(state, awaiting()).on(report) instanceof Change.Moved(var moved)) {
                    assertThat(moved.on(report)).isEqualTo(new Change.Same(moved));
                }
            }
        }
    }

    @Test
    void theFirstRequestWaitsForAnAnswer() {
        var asked = unheardOf().on(new Report.Asked(TOKEN, NOON));
        assertThat(asked.shipment().caller()).isEqualTo(awaiting());
        assertThat(asked.shipment().progress()).isEqualTo(new Progress.Waiting());
    }

    @Test
    void aCancellationThatComesFirstIsRememberedForTheRequest() {
        var mark = unheardOf().on(new Report.CancellationRequested()).shipment();
        assertThat(mark.caller()).isEqualTo(new Caller.Nobody());
        var asked = mark.on(new Report.Asked(TOKEN, NOON)).shipment();
        assertThat(asked.progress()).isEqualTo(new Progress.Cancelled());
        assertThat(asked.caller()).isEqualTo(awaiting());
    }

    @Test
    void theNewestTokenWinsInWhateverOrderTheyArrive() {
        var early = new Report.Asked(TOKEN, NOON);
        var late = new Report.Asked(NEWER, NOON.plusSeconds(900));
        var inOrder = unheardOf().on(early).shipment().on(late).shipment();
        var swapped = unheardOf().on(late).shipment().on(early).shipment();
        assertThat(inOrder.caller()).isEqualTo(new Caller.Awaiting(NEWER, NOON.plusSeconds(900)));
        assertThat(swapped.caller()).isEqualTo(inOrder.caller());
    }

    @Test
    void aNewTokenIsOwedTheAnswerThatTheOldOneGot() {
        var answered = shipment(new Progress.Booked(NUMBER), new Caller.Answered(TOKEN, NOON));
        assertThat(answered.on(new Report.Asked(NEWER, NOON.plusSeconds(1))).shipment().caller())
                .isEqualTo(new Caller.Awaiting(NEWER, NOON.plusSeconds(1)));
        assertThat(answered.on(new Report.Asked(TOKEN, NOON))).isInstanceOf(Change.Same.class);
    }

    @Test
    void anAnswerCountsForItsOwnTokenOnly() {
        var booked = shipment(new Progress.Booked(NUMBER), awaiting());
        assertThat(booked.on(new Report.AnswerTaken(TOKEN)).shipment().caller())
                .isEqualTo(new Caller.Answered(TOKEN, NOON));
        assertThat(booked.on(new Report.AnswerTaken(NEWER))).isEqualTo(new Change.Same(booked));
        assertThat(booked.on(new Report.NobodyWaits(NEWER, "TaskTimedOut")))
                .isEqualTo(new Change.Same(booked));
    }

    @Test
    void anAnswerBeforeThereIsAnOutcomeIsOutOfTurn() {
        assertThat(shipment(new Progress.Permitted(), awaiting()).on(new Report.AnswerTaken(TOKEN)))
                .isInstanceOf(Change.OutOfTurn.class);
    }

    @Test
    void ofTwoAnswersTheOneThatWasTakenIsRemembered() {
        var booked = shipment(new Progress.Booked(NUMBER), awaiting());
        var taken = new Report.AnswerTaken(TOKEN);
        var refused = new Report.NobodyWaits(TOKEN, "TaskTimedOut");
        var answered = new Caller.Answered(TOKEN, NOON);
        assertThat(booked.on(taken).shipment().on(refused).shipment().caller()).isEqualTo(answered);
        assertThat(booked.on(refused).shipment().on(taken).shipment().caller()).isEqualTo(answered);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "has space", "semi;colon", "a\nb", "ünïcode"})
    void aTrackingNumberIsPlain(String value) {
        assertThatThrownBy(() -> new TrackingNumber(value))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTokenIsNeverPrinted() {
        assertThat(awaiting().toString() + new Report.Asked(TOKEN, NOON))
                .doesNotContain(TOKEN.value());
        assertThatThrownBy(() -> new TaskToken("x".repeat(2_049)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2048")
                .hasMessageNotContaining("xxx");
    }

    private static Shipment unheardOf() {
        return Shipment.unheardOf(new UUID(0, 1), new UUID(0, 2));
    }

    private static Shipment shipment(Progress progress, Caller caller) {
        return new Shipment(new UUID(0, 1), new UUID(0, 2), progress, caller);
    }

    private static Caller awaiting() {
        return new Caller.Awaiting(TOKEN, NOON);
    }
}
