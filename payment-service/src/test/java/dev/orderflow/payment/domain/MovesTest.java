package dev.orderflow.payment.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.PaymentMethodId;
import dev.orderflow.payment.domain.Decision.Proceed;
import dev.orderflow.payment.domain.Decision.Refusal;
import dev.orderflow.payment.domain.Decision.Refuse;
import dev.orderflow.payment.domain.Decision.Settled;
import dev.orderflow.payment.domain.Heard.Contradiction;
import dev.orderflow.payment.domain.Heard.News;
import dev.orderflow.payment.domain.Heard.NoNews;
import dev.orderflow.payment.domain.PaymentState.Authorized;
import dev.orderflow.payment.domain.PaymentState.Captured;
import dev.orderflow.payment.domain.PaymentState.Capturing;
import dev.orderflow.payment.domain.PaymentState.Confirming;
import dev.orderflow.payment.domain.PaymentState.Declined;
import dev.orderflow.payment.domain.PaymentState.Opened;
import dev.orderflow.payment.domain.PaymentState.Refund;
import dev.orderflow.payment.domain.PaymentState.Refunded;
import dev.orderflow.payment.domain.PaymentState.Refunding;
import dev.orderflow.payment.domain.PaymentState.Requested;
import dev.orderflow.payment.domain.PaymentState.Unknown;
import dev.orderflow.payment.domain.PaymentState.Voided;
import dev.orderflow.payment.domain.PaymentState.Voiding;
import dev.orderflow.payment.domain.Standing.Cancelled;
import dev.orderflow.payment.domain.Standing.Held;
import dev.orderflow.payment.domain.Standing.Pending;
import dev.orderflow.payment.domain.Standing.Taken;
import dev.orderflow.payment.domain.Standing.TurnedDown;
import dev.orderflow.payment.domain.Standing.Unconfirmed;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MovesTest {

    private static final UUID ORDER = UUID.fromString("01931a57-0000-7000-8000-000000000001");
    private static final IntentId INTENT = new IntentId("pi_1");
    private static final Money WHOLE = Money.of("49.90", "EUR");
    private static final Money PART = Money.of("10.00", "EUR");
    private static final String KEY = "refund-1";

    private static final List<PaymentState> STATES =
            List.of(
                    new Requested(),
                    new Opened(INTENT),
                    new Confirming(INTENT),
                    new Authorized(INTENT),
                    new Declined(INTENT, "card_declined"),
                    new Capturing(INTENT),
                    new Captured(INTENT, WHOLE),
                    new Voiding(INTENT),
                    new Voided(INTENT),
                    new Refunding(INTENT, WHOLE, null, new Refund(KEY, PART)),
                    new Refunded(INTENT, WHOLE, PART));

    private static final Money REST = Money.of("39.90", "EUR");

    private static final List<Standing> STANDINGS =
            List.of(
                    new Unconfirmed(),
                    new Held(),
                    new Taken(WHOLE, null),
                    new Taken(WHOLE, PART),
                    new Cancelled(),
                    new TurnedDown("card_declined"),
                    new Pending());

    private static final Request AUTHORIZE =
            new Request.Authorize(
                    ORDER, new CustomerRef("cust-1"), new PaymentMethodId("pm_card_visa"), WHOLE);
    private static final Request CAPTURE = new Request.Capture(ORDER, WHOLE);
    private static final Request VOID = new Request.Void(ORDER);
    private static final Request REFUND =
            new Request.Refund(ORDER, PART, RefundReason.CUSTOMER_REQUEST);

    private static Payment in(PaymentState state) {
        return new Payment(ORDER, ORDER, new CustomerRef("cust-1"), WHOLE, state, 1);
    }

    @Test
    void theTablesOfThisTestKnowEveryStateAndEveryStanding() {
        assertThat(STATES.stream().map(Object::getClass))
                .containsExactlyInAnyOrderElementsOf(leaves(PaymentState.class));
        assertThat(new HashSet<>(STANDINGS.stream().<Class<?>>map(Object::getClass).toList()))
                .containsExactlyInAnyOrderElementsOf(leaves(Standing.class));
    }

    private static List<Class<?>> leaves(Class<?> sealed) {
        return Arrays.stream(sealed.getPermittedSubclasses())
                .<Class<?>>flatMap(
                        type -> type.isSealed() ? leaves(type).stream() : Stream.of(type))
                .toList();
    }

    // state, then what becomes of authorize, capture, void and refund: by a newcomer, and by its
    // owner
    static Stream<Arguments> decisions() {
        return Stream.of(
                row(0, "exists/ask", "later/later", "VOIDED/VOIDED", "nothing/nothing"),
                row(1, "exists/ask", "later/later", "ask/ask", "nothing/nothing"),
                row(2, "exists/ask", "later/later", "ask/ask", "nothing/nothing"),
                row(3, "exists/AUTHORIZED", "ask/ask", "ask/ask", "nothing/nothing"),
                row(4, "exists/declined", "never/never", "ask/ask", "nothing/nothing"),
                row(5, "exists/AUTHORIZED", "later/ask", "later/later", "later/later"),
                row(6, "exists/AUTHORIZED", "CAPTURED/CAPTURED", "taken/taken", "ask/ask"),
                row(7, "voided/voided", "later/later", "ask/ask", "later/later"),
                row(8, "voided/voided", "voided/voided", "VOIDED/VOIDED", "nothing/nothing"),
                row(9, "exists/AUTHORIZED", "CAPTURED/CAPTURED", "taken/taken", "later/ask"),
                row(10, "exists/AUTHORIZED", "CAPTURED/CAPTURED", "taken/taken", "ask/ask"));
    }

    private static Arguments row(
            int state, String authorize, String capture, String letGo, String refund) {
        return Arguments.of(STATES.get(state), authorize, capture, letGo, refund);
    }

    @ParameterizedTest
    @MethodSource("decisions")
    void everyRequestHasADefinedResultInEveryState(
            PaymentState state, String authorize, String capture, String letGo, String refund) {
        assertThat(decided(state, AUTHORIZE)).isEqualTo(authorize);
        assertThat(decided(state, CAPTURE)).isEqualTo(capture);
        assertThat(decided(state, VOID)).isEqualTo(letGo);
        assertThat(decided(state, REFUND)).isEqualTo(refund);
    }

    private static String decided(PaymentState state, Request request) {
        return word(Moves.decide(in(state), request, "newcomer", false))
                + "/"
                + word(Moves.decide(in(state), request, KEY, true));
    }

    private static String word(Decision decision) {
        return switch (decision) {
            case Proceed _ -> "ask";
            case Settled(var _, Answer.Done(var status, var _)) -> status.name();
            case Settled(var _, Answer.GivenBack _) -> "REFUNDED";
            case Settled(var _, Answer.Declined _) -> "declined";
            case Settled(var _, Answer.VoidedBefore _) -> "voided";
            case Settled(var _, Answer.CapturedBefore _) -> "taken";
            case Refuse(var refusal) ->
                    switch (refusal) {
                        case NO_PAYMENT -> "none";
                        case AUTHORIZATION_EXISTS -> "exists";
                        case NOT_SETTLED -> "later";
                        case NOT_CAPTURABLE -> "never";
                        case OTHER_AMOUNT -> "amount";
                        case NOT_CAPTURED -> "nothing";
                        case REFUNDED_BEFORE -> "before";
                    };
        };
    }

    @Test
    void nothingIsAskedOfTheGatewayBeforeItIsWrittenDownAsUnknown() {
        for (var state : STATES) {
            for (var request : List.of(AUTHORIZE, CAPTURE, VOID, REFUND)) {
                for (var own : List.of(true, false)) {
                    if (Moves.decide(in(state), request, KEY, own) instanceof Proceed(var before)) {
                        assertThat(before)
                                .isInstanceOfAny(Requested.class, Unknown.class)
                                .satisfies(
                                        ahead -> {
                                            if (ahead instanceof Unknown unknown) {
                                                assertThat(unknown.asked())
                                                        .isEqualTo(request.kind());
                                            }
                                        });
                    }
                }
            }
        }
    }

    @Test
    void aVoidWithoutAPaymentLeavesATombstone() {
        assertThat(Moves.decide(null, VOID, KEY, false))
                .isEqualTo(new Settled(new Voided(null), new Answer.Done(Status.VOIDED, null)));
        assertThat(Moves.decide(null, CAPTURE, KEY, false))
                .isEqualTo(new Refuse(Refusal.NO_PAYMENT));
        assertThat(Moves.decide(null, REFUND, KEY, false))
                .isEqualTo(new Refuse(Refusal.NO_PAYMENT));
        assertThat(Moves.decide(null, AUTHORIZE, KEY, false))
                .isEqualTo(new Proceed(new Requested()));
    }

    @Test
    void noMoreIsTakenThanIsHeldNorGivenBackThanWasTaken() {
        var more = Money.of("49.91", "EUR");
        var dollars = Money.of("1.00", "USD");
        for (var wrong : List.of(more, dollars)) {
            assertThat(
                            Moves.decide(
                                    in(new Authorized(INTENT)),
                                    new Request.Capture(ORDER, wrong),
                                    KEY,
                                    false))
                    .isEqualTo(new Refuse(Refusal.OTHER_AMOUNT));
            assertThat(
                            Moves.decide(
                                    in(new Captured(INTENT, WHOLE)),
                                    new Request.Refund(ORDER, wrong, RefundReason.DUPLICATE),
                                    KEY,
                                    false))
                    .isEqualTo(new Refuse(Refusal.OTHER_AMOUNT));
        }
    }

    @Test
    void severalRefundsGiveBackNoMoreThanWasTaken() {
        var refunded = new Refunded(INTENT, WHOLE, PART);
        assertThat(Moves.decide(in(refunded), refund(REST), "second", false))
                .isEqualTo(
                        new Proceed(
                                new Refunding(INTENT, WHOLE, PART, new Refund("second", REST))));
        assertThat(Moves.decide(in(refunded), refund(WHOLE), "second", false))
                .isEqualTo(new Refuse(Refusal.OTHER_AMOUNT));
        assertThat(
                        Moves.decide(
                                in(new Refunded(INTENT, WHOLE, WHOLE)),
                                refund(PART),
                                "second",
                                true))
                .isEqualTo(new Refuse(Refusal.REFUNDED_BEFORE));
        assertThat(new Refunding(INTENT, WHOLE, PART, new Refund("second", REST)).whenDone())
                .isEqualTo(new Refunded(INTENT, WHOLE, WHOLE));
    }

    /// Another request that was refused before is no owner of the refund under way.
    @Test
    void oneRefundIsNotCarriedOnByAnother() {
        var refunding = new Refunding(INTENT, WHOLE, null, new Refund("first", PART));
        assertThat(Moves.decide(in(refunding), refund(REST), "second", true))
                .isEqualTo(new Refuse(Refusal.NOT_SETTLED));
    }

    @Test
    void eachRefundHasAKeyOfItsOwnAtTheGateway() {
        var first = in(new Refunding(INTENT, WHOLE, null, new Refund("first", PART)));
        var over = first.in(new Refunded(INTENT, WHOLE, PART));
        assertThat(over.keyNumber()).isEqualTo(first.keyNumber() + 1);
        assertThat(over.in(new Refunding(INTENT, WHOLE, PART, new Refund("second", REST))))
                .extracting(Payment::keyNumber)
                .isEqualTo(over.keyNumber());
    }

    private static Request refund(Money amount) {
        return new Request.Refund(ORDER, amount, RefundReason.CUSTOMER_REQUEST);
    }

    @Test
    void whatTheGatewayGaveBackCountsHereOnlyWhenAPersonTakesItOver() {
        var captured = new Captured(INTENT, WHOLE);
        assertThat(Moves.hear(captured, new Taken(WHOLE, PART))).isInstanceOf(NoNews.class);
        assertThat(Moves.takeOver(captured, new Taken(WHOLE, PART)))
                .isEqualTo(new Refunded(INTENT, WHOLE, PART));
        assertThat(Moves.takeOver(new Refunded(INTENT, WHOLE, PART), new Taken(WHOLE, WHOLE)))
                .isEqualTo(new Refunded(INTENT, WHOLE, WHOLE));
        assertThat(Moves.takeOver(new Authorized(INTENT), new Cancelled()))
                .isEqualTo(new Voided(INTENT));
    }

    @Test
    void whatIsLeftOfAHoldWhoseTimeIsOverIsLetGo() {
        assertThat(Moves.afterRefusal(new Capturing(INTENT), true)).isEqualTo(new Voiding(INTENT));
        assertThat(Moves.afterRefusal(new Capturing(INTENT), false))
                .isEqualTo(new Authorized(INTENT));
        assertThat(Moves.afterRefusal(new Voiding(INTENT), false)).isEqualTo(new Voiding(INTENT));
    }

    @Test
    void everyReportHasADefinedResultInEveryState() {
        // The columns are STANDINGS in turn: unconfirmed, held, taken, taken and given back,
        // cancelled, turned
        // down, pending.
        assertThat(heard(new Requested())).isEqualTo("! ! ! ! ! ! !");
        assertThat(heard(new Opened(INTENT)))
                .isEqualTo("- AUTHORIZED CAPTURED CAPTURED VOIDED DECLINED -");
        assertThat(heard(new Confirming(INTENT)))
                .isEqualTo("- AUTHORIZED CAPTURED CAPTURED VOIDED DECLINED -");
        assertThat(heard(new Authorized(INTENT))).isEqualTo("- - CAPTURED CAPTURED VOIDED - -");
        assertThat(heard(new Capturing(INTENT))).isEqualTo("- - CAPTURED CAPTURED VOIDED - -");
        assertThat(heard(new Voiding(INTENT))).isEqualTo("- - CAPTURED CAPTURED VOIDED - -");
        assertThat(heard(new Refunding(INTENT, WHOLE, null, new Refund(KEY, PART))))
                .isEqualTo("- - - - ! - -");
        assertThat(heard(new Captured(INTENT, WHOLE))).isEqualTo("- - - - ! - -");
        assertThat(heard(new Refunded(INTENT, WHOLE, PART))).isEqualTo("- - - - ! - -");
        assertThat(heard(new Declined(INTENT, "x"))).isEqualTo("- ! ! ! - - -");
        assertThat(heard(new Voided(INTENT))).isEqualTo("- - ! ! - - -");
    }

    private static String heard(PaymentState state) {
        return String.join(
                " ",
                STANDINGS.stream()
                        .map(
                                standing ->
                                        switch (Moves.hear(state, standing)) {
                                            case News(var next) -> next.status().name();
                                            case NoNews _ -> "-";
                                            case Contradiction _ -> "!";
                                        })
                        .toList());
    }

    @Test
    void aReportHeardTwiceChangesNothing() {
        for (var state : STATES) {
            for (var standing : STANDINGS) {
                if (Moves.hear(state, standing) instanceof News(var next)) {
                    assertThat(Moves.hear(next, standing)).isInstanceOf(NoNews.class);
                }
            }
        }
    }

    @Test
    void aVoidIsNeverGivenUp() {
        var voiding = new Voiding(INTENT);
        assertThat(voiding.ifNeverDone()).isEqualTo(voiding);
        for (var standing : STANDINGS) {
            var outcome = Moves.hear(voiding, standing);
            if (outcome instanceof News(var next)) {
                assertThat(next.status()).isIn(Status.VOIDED, Status.CAPTURED);
            }
        }
    }
}
