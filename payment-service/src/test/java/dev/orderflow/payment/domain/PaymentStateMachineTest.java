package dev.orderflow.payment.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.PaymentMethodId;
import dev.orderflow.payment.domain.IntentStatus.IntentAuthorized;
import dev.orderflow.payment.domain.IntentStatus.IntentCancelled;
import dev.orderflow.payment.domain.IntentStatus.IntentCaptured;
import dev.orderflow.payment.domain.IntentStatus.IntentDeclined;
import dev.orderflow.payment.domain.IntentStatus.IntentProcessing;
import dev.orderflow.payment.domain.IntentStatus.IntentUnconfirmed;
import dev.orderflow.payment.domain.PaymentDecision.CallGateway;
import dev.orderflow.payment.domain.PaymentDecision.CompleteOperation;
import dev.orderflow.payment.domain.PaymentDecision.PaymentRefusal;
import dev.orderflow.payment.domain.PaymentDecision.RefuseOperation;
import dev.orderflow.payment.domain.PaymentState.Authorized;
import dev.orderflow.payment.domain.PaymentState.Captured;
import dev.orderflow.payment.domain.PaymentState.Capturing;
import dev.orderflow.payment.domain.PaymentState.Confirming;
import dev.orderflow.payment.domain.PaymentState.Declined;
import dev.orderflow.payment.domain.PaymentState.IntentCreated;
import dev.orderflow.payment.domain.PaymentState.PendingRefund;
import dev.orderflow.payment.domain.PaymentState.Refunded;
import dev.orderflow.payment.domain.PaymentState.Refunding;
import dev.orderflow.payment.domain.PaymentState.Requested;
import dev.orderflow.payment.domain.PaymentState.UnknownOutcome;
import dev.orderflow.payment.domain.PaymentState.Voided;
import dev.orderflow.payment.domain.PaymentState.Voiding;
import dev.orderflow.payment.domain.StatusUpdate.Contradiction;
import dev.orderflow.payment.domain.StatusUpdate.NoStateChange;
import dev.orderflow.payment.domain.StatusUpdate.StateChange;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PaymentStateMachineTest {

    private static final UUID ORDER = UUID.fromString("01931a57-0000-7000-8000-000000000001");
    private static final IntentId INTENT = new IntentId("pi_1");
    private static final Money WHOLE = Money.of("49.90", "EUR");
    private static final Money PART = Money.of("10.00", "EUR");
    private static final String KEY = "refund-1";

    private static final List<PaymentState> STATES =
            List.of(
                    new Requested(),
                    new IntentCreated(INTENT),
                    new Confirming(INTENT),
                    new Authorized(INTENT),
                    new Declined(INTENT, "card_declined"),
                    new Capturing(INTENT),
                    new Captured(INTENT, WHOLE),
                    new Voiding(INTENT),
                    new Voided(INTENT),
                    new Refunding(INTENT, WHOLE, null, new PendingRefund(KEY, PART)),
                    new Refunded(INTENT, WHOLE, PART));

    private static final Money REST = Money.of("39.90", "EUR");

    private static final List<IntentStatus> INTENT_STATUSES =
            List.of(
                    new IntentUnconfirmed(),
                    new IntentAuthorized(),
                    new IntentCaptured(WHOLE, null),
                    new IntentCaptured(WHOLE, PART),
                    new IntentCancelled(),
                    new IntentDeclined("card_declined"),
                    new IntentProcessing());

    private static final OperationCommand AUTHORIZE =
            new OperationCommand.AuthorizeCommand(
                    ORDER, new CustomerRef("cust-1"), new PaymentMethodId("pm_card_visa"), WHOLE);
    private static final OperationCommand CAPTURE =
            new OperationCommand.CaptureCommand(ORDER, WHOLE);
    private static final OperationCommand VOID = new OperationCommand.VoidCommand(ORDER);
    private static final OperationCommand REFUND =
            new OperationCommand.RefundCommand(ORDER, PART, RefundReason.CUSTOMER_REQUEST, null);

    private static Payment in(PaymentState state) {
        return new Payment(ORDER, ORDER, new CustomerRef("cust-1"), WHOLE, state, 1);
    }

    @Test
    void theTablesOfThisTestHaveEveryStateAndEveryIntentStatus() {
        assertThat(STATES.stream().map(Object::getClass))
                .containsExactlyInAnyOrderElementsOf(leaves(PaymentState.class));
        assertThat(new HashSet<>(INTENT_STATUSES.stream().<Class<?>>map(Object::getClass).toList()))
                .containsExactlyInAnyOrderElementsOf(leaves(IntentStatus.class));
    }

    private static List<Class<?>> leaves(Class<?> sealed) {
        return Arrays.stream(sealed.getPermittedSubclasses())
                .<Class<?>>flatMap(
                        type -> type.isSealed() ? leaves(type).stream() : Stream.of(type))
                .toList();
    }

    // state, then the decision on authorize, capture, void and refund, each for a new operation and
    // for a resumed one
    static Stream<Arguments> decisions() {
        return Stream.of(
                row(0, "exists/call", "later/later", "VOIDED/VOIDED", "nothing/nothing"),
                row(1, "exists/call", "later/later", "call/call", "nothing/nothing"),
                row(2, "exists/call", "later/later", "call/call", "nothing/nothing"),
                row(3, "exists/AUTHORIZED", "call/call", "call/call", "nothing/nothing"),
                row(4, "exists/declined", "never/never", "call/call", "nothing/nothing"),
                row(5, "exists/AUTHORIZED", "later/call", "later/later", "later/later"),
                row(6, "exists/AUTHORIZED", "CAPTURED/CAPTURED", "captured/captured", "call/call"),
                row(7, "voided/voided", "later/later", "call/call", "later/later"),
                row(8, "voided/voided", "voided/voided", "VOIDED/VOIDED", "nothing/nothing"),
                row(9, "exists/AUTHORIZED", "CAPTURED/CAPTURED", "captured/captured", "later/call"),
                row(
                        10,
                        "exists/AUTHORIZED",
                        "CAPTURED/CAPTURED",
                        "captured/captured",
                        "call/call"));
    }

    private static Arguments row(
            int state, String authorize, String capture, String voidPayment, String refund) {
        return Arguments.of(STATES.get(state), authorize, capture, voidPayment, refund);
    }

    @ParameterizedTest
    @MethodSource("decisions")
    void everyCommandHasADecisionInEveryState(
            PaymentState state,
            String authorize,
            String capture,
            String voidPayment,
            String refund) {
        assertThat(decisions(state, AUTHORIZE)).isEqualTo(authorize);
        assertThat(decisions(state, CAPTURE)).isEqualTo(capture);
        assertThat(decisions(state, VOID)).isEqualTo(voidPayment);
        assertThat(decisions(state, REFUND)).isEqualTo(refund);
    }

    private static String decisions(PaymentState state, OperationCommand command) {
        return name(PaymentStateMachine.decide(in(state), command, "new", false))
                + "/"
                + name(PaymentStateMachine.decide(in(state), command, KEY, true));
    }

    private static String name(PaymentDecision decision) {
        return switch (decision) {
            case CallGateway _ -> "call";
            case CompleteOperation(var _, OperationResult.OperationSucceeded(var status, var _)) ->
                    status.name();
            case CompleteOperation(var _, OperationResult.RefundSucceeded _) -> "REFUNDED";
            case CompleteOperation(var _, OperationResult.AuthorizationDeclined _) -> "declined";
            case CompleteOperation(var _, OperationResult.AlreadyVoided _) -> "voided";
            case CompleteOperation(var _, OperationResult.AlreadyCaptured _) -> "captured";
            case RefuseOperation(var refusal) ->
                    switch (refusal) {
                        case NO_PAYMENT -> "none";
                        case AUTHORIZATION_EXISTS -> "exists";
                        case OPERATION_PENDING -> "later";
                        case NOT_CAPTURABLE -> "never";
                        case EXCEEDS_AUTHORIZED,
                                EXCEEDS_REFUNDABLE,
                                CURRENCY_NOT_ALLOWED,
                                EXCEEDS_REFUND_LIMIT,
                                CAPTURED_DIFFERENTLY ->
                                "amount";
                        case NOT_CAPTURED -> "nothing";
                        case ALREADY_REFUNDED -> "before";
                    };
        };
    }

    @Test
    void theOutcomeIsStoredAsUnknownBeforeTheGatewayIsCalled() {
        for (var state : STATES) {
            for (var command : List.of(AUTHORIZE, CAPTURE, VOID, REFUND)) {
                for (var resumed : List.of(true, false)) {
                    if (PaymentStateMachine.decide(in(state), command, KEY, resumed)
                            instanceof CallGateway(var before)) {
                        assertThat(before)
                                .isInstanceOfAny(Requested.class, UnknownOutcome.class)
                                .satisfies(
                                        stored -> {
                                            if (stored instanceof UnknownOutcome unknown) {
                                                assertThat(unknown.operation())
                                                        .isEqualTo(command.type());
                                            }
                                        });
                    }
                }
            }
        }
    }

    @Test
    void aVoidWithoutAPaymentLeavesATombstone() {
        assertThat(PaymentStateMachine.decide(null, VOID, KEY, false))
                .isEqualTo(
                        new CompleteOperation(
                                new Voided(null),
                                new OperationResult.OperationSucceeded(
                                        PaymentStateCode.VOIDED, null)));
        assertThat(PaymentStateMachine.decide(null, CAPTURE, KEY, false))
                .isEqualTo(new RefuseOperation(PaymentRefusal.NO_PAYMENT));
        assertThat(PaymentStateMachine.decide(null, REFUND, KEY, false))
                .isEqualTo(new RefuseOperation(PaymentRefusal.NO_PAYMENT));
        assertThat(PaymentStateMachine.decide(null, AUTHORIZE, KEY, false))
                .isEqualTo(new CallGateway(new Requested()));
    }

    @Test
    void neitherACaptureNorARefundMayExceedItsAmount() {
        var more = Money.of("49.91", "EUR");
        var dollars = Money.of("1.00", "USD");
        assertThat(capture(new Authorized(INTENT), more))
                .isEqualTo(new RefuseOperation(PaymentRefusal.EXCEEDS_AUTHORIZED));
        assertThat(capture(new Authorized(INTENT), dollars))
                .isEqualTo(new RefuseOperation(PaymentRefusal.CURRENCY_NOT_ALLOWED));
        assertThat(refund(new Captured(INTENT, WHOLE), more))
                .isEqualTo(new RefuseOperation(PaymentRefusal.EXCEEDS_REFUNDABLE));
        for (var state :
                List.of(
                        new Captured(INTENT, WHOLE),
                        new Refunded(INTENT, WHOLE, PART),
                        new Refunded(INTENT, WHOLE, WHOLE))) {
            assertThat(refund(state, dollars))
                    .isEqualTo(new RefuseOperation(PaymentRefusal.CURRENCY_NOT_ALLOWED));
        }
    }

    @Test
    void aDifferentCaptureIsRefusedWithItsDifference() {
        for (var state : List.of(new Captured(INTENT, WHOLE), new Refunded(INTENT, WHOLE, PART))) {
            assertThat(capture(state, PART))
                    .isEqualTo(new RefuseOperation(PaymentRefusal.CAPTURED_DIFFERENTLY));
            assertThat(capture(state, Money.of("1.00", "USD")))
                    .isEqualTo(new RefuseOperation(PaymentRefusal.CURRENCY_NOT_ALLOWED));
        }
    }

    private static PaymentDecision capture(PaymentState state, Money amount) {
        return PaymentStateMachine.decide(
                in(state), new OperationCommand.CaptureCommand(ORDER, amount), KEY, false);
    }

    private static PaymentDecision refund(PaymentState state, Money amount) {
        return PaymentStateMachine.decide(
                in(state),
                new OperationCommand.RefundCommand(ORDER, amount, RefundReason.DUPLICATE, null),
                KEY,
                false);
    }

    @Test
    void severalRefundsCannotExceedTheCapturedAmount() {
        var refunded = new Refunded(INTENT, WHOLE, PART);
        assertThat(PaymentStateMachine.decide(in(refunded), refund(REST), "second", false))
                .isEqualTo(
                        new CallGateway(
                                new Refunding(
                                        INTENT, WHOLE, PART, new PendingRefund("second", REST))));
        assertThat(PaymentStateMachine.decide(in(refunded), refund(WHOLE), "second", false))
                .isEqualTo(new RefuseOperation(PaymentRefusal.EXCEEDS_REFUNDABLE));
        assertThat(
                        PaymentStateMachine.decide(
                                in(new Refunded(INTENT, WHOLE, WHOLE)),
                                refund(PART),
                                "second",
                                true))
                .isEqualTo(new RefuseOperation(PaymentRefusal.ALREADY_REFUNDED));
        assertThat(
                        new Refunding(INTENT, WHOLE, PART, new PendingRefund("second", REST))
                                .stateWhenDone())
                .isEqualTo(new Refunded(INTENT, WHOLE, WHOLE));
    }

    @Test
    void theLimitOfOnePersonCountsTheEarlierRefundsOfTheOrder() {
        var limit = PART.plus(REST).amount();
        var refunded = new Refunded(INTENT, WHOLE, PART);
        for (var resumed : List.of(false, true)) {
            assertThat(refundWithin(limit, refunded, REST, resumed))
                    .isInstanceOf(CallGateway.class);
            assertThat(
                            refundWithin(
                                    limit.subtract(BigDecimal.valueOf(1, 4)),
                                    refunded,
                                    REST,
                                    resumed))
                    .isEqualTo(new RefuseOperation(PaymentRefusal.EXCEEDS_REFUND_LIMIT));
            assertThat(refundWithin(BigDecimal.ZERO, new Captured(INTENT, WHOLE), PART, resumed))
                    .isEqualTo(new RefuseOperation(PaymentRefusal.EXCEEDS_REFUND_LIMIT));
            // What is not there cannot be refunded by two people either.
            assertThat(refundWithin(BigDecimal.ZERO, refunded, WHOLE, resumed))
                    .isEqualTo(new RefuseOperation(PaymentRefusal.EXCEEDS_REFUNDABLE));
        }
    }

    private static PaymentDecision refundWithin(
            BigDecimal limit, PaymentState state, Money amount, boolean resumed) {
        return PaymentStateMachine.decide(
                in(state),
                new OperationCommand.RefundCommand(
                        ORDER, amount, RefundReason.CUSTOMER_REQUEST, limit),
                KEY,
                resumed);
    }

    /// A resumed refund with another key is not the pending one.
    @Test
    void aPendingRefundIsNotResumedByAnother() {
        var refunding = new Refunding(INTENT, WHOLE, null, new PendingRefund("first", PART));
        assertThat(PaymentStateMachine.decide(in(refunding), refund(REST), "second", true))
                .isEqualTo(new RefuseOperation(PaymentRefusal.OPERATION_PENDING));
    }

    @Test
    void eachRefundHasItsOwnKeyAtTheGateway() {
        var first = in(new Refunding(INTENT, WHOLE, null, new PendingRefund("first", PART)));
        var done = first.withState(new Refunded(INTENT, WHOLE, PART));
        assertThat(done.keyNumber()).isEqualTo(first.keyNumber() + 1);
        assertThat(
                        done.withState(
                                new Refunding(
                                        INTENT, WHOLE, PART, new PendingRefund("second", REST))))
                .extracting(Payment::keyNumber)
                .isEqualTo(done.keyNumber());
    }

    private static OperationCommand refund(Money amount) {
        return new OperationCommand.RefundCommand(
                ORDER, amount, RefundReason.CUSTOMER_REQUEST, null);
    }

    @Test
    void refundsAtTheGatewayCountOnlyAfterAnOperatorAcceptsThem() {
        var captured = new Captured(INTENT, WHOLE);
        assertThat(PaymentStateMachine.applyStatus(captured, new IntentCaptured(WHOLE, PART)))
                .isInstanceOf(NoStateChange.class);
        assertThat(PaymentStateMachine.adoptGatewayState(captured, new IntentCaptured(WHOLE, PART)))
                .isEqualTo(new Refunded(INTENT, WHOLE, PART));
        assertThat(
                        PaymentStateMachine.adoptGatewayState(
                                new Refunded(INTENT, WHOLE, PART),
                                new IntentCaptured(WHOLE, WHOLE)))
                .isEqualTo(new Refunded(INTENT, WHOLE, WHOLE));
        assertThat(
                        PaymentStateMachine.adoptGatewayState(
                                new Authorized(INTENT), new IntentCancelled()))
                .isEqualTo(new Voided(INTENT));
    }

    @Test
    void anExpiredAuthorizationIsVoided() {
        assertThat(PaymentStateMachine.stateAfterRefusal(new Capturing(INTENT), true))
                .isEqualTo(new Voiding(INTENT));
        assertThat(PaymentStateMachine.stateAfterRefusal(new Capturing(INTENT), false))
                .isEqualTo(new Authorized(INTENT));
        assertThat(PaymentStateMachine.stateAfterRefusal(new Voiding(INTENT), false))
                .isEqualTo(new Voiding(INTENT));
    }

    @Test
    void everyIntentStatusHasAResultInEveryState() {
        // The columns are INTENT_STATUSES in turn: unconfirmed, authorized, captured, captured and
        // refunded, cancelled, declined, processing.
        assertThat(applyAll(new Requested())).isEqualTo("! ! ! ! ! ! !");
        assertThat(applyAll(new IntentCreated(INTENT)))
                .isEqualTo("- AUTHORIZED CAPTURED CAPTURED VOIDED DECLINED -");
        assertThat(applyAll(new Confirming(INTENT)))
                .isEqualTo("- AUTHORIZED CAPTURED CAPTURED VOIDED DECLINED -");
        assertThat(applyAll(new Authorized(INTENT))).isEqualTo("- - CAPTURED CAPTURED VOIDED - -");
        assertThat(applyAll(new Capturing(INTENT))).isEqualTo("- - CAPTURED CAPTURED VOIDED - -");
        assertThat(applyAll(new Voiding(INTENT))).isEqualTo("- - CAPTURED CAPTURED VOIDED - -");
        assertThat(applyAll(new Refunding(INTENT, WHOLE, null, new PendingRefund(KEY, PART))))
                .isEqualTo("- - - - ! - -");
        assertThat(applyAll(new Captured(INTENT, WHOLE))).isEqualTo("- - - - ! - -");
        assertThat(applyAll(new Refunded(INTENT, WHOLE, PART))).isEqualTo("- - - - ! - -");
        assertThat(applyAll(new Declined(INTENT, "x"))).isEqualTo("- ! ! ! - - -");
        assertThat(applyAll(new Voided(INTENT))).isEqualTo("- - ! ! - - -");
    }

    private static String applyAll(PaymentState state) {
        return String.join(
                " ",
                INTENT_STATUSES.stream()
                        .map(
                                status ->
                                        switch (PaymentStateMachine.applyStatus(state, status)) {
                                            case StateChange(var next) -> next.code().name();
                                            case NoStateChange _ -> "-";
                                            case Contradiction _ -> "!";
                                        })
                        .toList());
    }

    @Test
    void aStatusThatIsAppliedTwiceChangesNothing() {
        for (var state : STATES) {
            for (var status : INTENT_STATUSES) {
                if (PaymentStateMachine.applyStatus(state, status)
                        instanceof StateChange(var next)) {
                    assertThat(PaymentStateMachine.applyStatus(next, status))
                            .isInstanceOf(NoStateChange.class);
                }
            }
        }
    }

    @Test
    void aVoidContinuesUntilItSucceedsOrThePaymentWasCaptured() {
        var voiding = new Voiding(INTENT);
        assertThat(voiding.stateIfNotDone()).isEqualTo(voiding);
        for (var status : INTENT_STATUSES) {
            var outcome = PaymentStateMachine.applyStatus(voiding, status);
            if (outcome instanceof StateChange(var next)) {
                assertThat(next.code()).isIn(PaymentStateCode.VOIDED, PaymentStateCode.CAPTURED);
            }
        }
    }
}
