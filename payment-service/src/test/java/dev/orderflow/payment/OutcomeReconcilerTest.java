package dev.orderflow.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.payment.FakePaymentGateway.FakeGatewayFault;
import dev.orderflow.payment.FakePaymentGateway.GatewayCall;
import java.util.Collections;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionOperations;

/// Unknown outcomes whose caller does not retry.
class OutcomeReconcilerTest extends PaymentServiceFixture {

    @Autowired private TransactionOperations transactions;

    @Test
    void anUnknownOutcomeIsResolvedByRetrievingTheStatus() {
        gateway.fail(GatewayCall.CONFIRM, FakeGatewayFault.CRASH_AFTER);
        authorize();
        reconciler.reconcileDue();
        assertThat(state()).as("the request may still be processed").isEqualTo("UNKNOWN");
        reconcileUnknownOutcomes();
        assertThat(state()).isEqualTo("AUTHORIZED");
        assertThat(gateway.recordedCalls().stream().map(FakePaymentGateway.RecordedCall::call))
                .containsExactly(
                        GatewayCall.CREATE_INTENT,
                        GatewayCall.CONFIRM,
                        GatewayCall.RETRIEVE_STATUS);
        expireLeases();
        assertThat(authorize().statusCode()).isEqualTo(201);
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
    }

    @Test
    void anOperationCountsAsNotDoneOnlyAfterAWhile() {
        gateway.fail(GatewayCall.CONFIRM, FakeGatewayFault.CRASH_BEFORE);
        authorize();
        reconcileUnknownOutcomes();
        assertThat(state()).isEqualTo("UNKNOWN");
        jdbc.sql("UPDATE unknown_outcome SET requested_at = now() - interval '11 minutes'")
                .update();
        reconcileUnknownOutcomes();
        assertThat(state()).isEqualTo("REQUESTED");
        expireLeases();
        assertThat(authorize().statusCode()).isEqualTo(201);
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
    }

    /// Its confirmation may still be on its way to the gateway.
    @Test
    void anOperationThatIsRequestedAgainDuringTheStatusCheckDoesNotCountAsNotDone()
            throws Exception {
        gateway.fail(
                GatewayCall.CONFIRM, FakeGatewayFault.CRASH_BEFORE, FakeGatewayFault.CRASH_BEFORE);
        authorize();
        jdbc.sql("UPDATE unknown_outcome SET requested_at = now() - interval '11 minutes'")
                .update();
        var gate = gateway.gateResponse(GatewayCall.RETRIEVE_STATUS);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var reconciliation = threads.submit(this::reconcileUnknownOutcomes);
            gate.awaitCaller();
            expireLeases();
            assertThat(authorize().statusCode()).isEqualTo(500);
            gate.open();
            reconciliation.get();
        }
        assertThat(state()).isEqualTo("UNKNOWN");
    }

    /// Without the row, nothing would resolve the outcome of the new operation.
    @Test
    void anOperationThatBeginsDuringTheCheckOfAnOldOneKeepsItsStatusCheck() throws Exception {
        authorize();
        jdbc.sql(
                        """
                        INSERT INTO unknown_outcome (order_id, unknown_since, requested_at, next_check_at, checks)
                        VALUES (:order, now(), now(), now() - interval '1 second', 0)
                        """)
                .param("order", order)
                .update();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var reconciliation =
                    transactions.execute(
                            _ -> {
                                jdbc.sql(
                                                """
                                                UPDATE payment SET state = 'UNKNOWN', pending_operation = 'CAPTURE'
                                                WHERE order_id = :order
                                                """)
                                        .param("order", order)
                                        .update();
                                var started = threads.submit(() -> reconciler.reconcileDue());
                                await().until(() -> sessionsThatWaitForTransactions() == 1);
                                return started;
                            });
            assertThat(reconciliation.get()).isEqualTo(1);
        }
        assertThat(secondsToNextCheck()).isPositive();
    }

    private int sessionsThatWaitForTransactions() {
        return jdbc.sql(
                        """
                        SELECT count(*) FROM pg_locks
                        WHERE NOT granted AND locktype = 'transactionid'
                        """)
                .query(Integer.class)
                .single();
    }

    @Test
    void theReconcilerNeverCapturesOrRefunds() {
        authorize();
        gateway.fail(GatewayCall.CAPTURE, FakeGatewayFault.CRASH_BEFORE);
        capture();
        reconcileUnknownOutcomes();
        assertThat(gateway.countCaptures(order)).isZero();
        expireLeases();
        capture();
        gateway.fail(GatewayCall.REFUND, FakeGatewayFault.CRASH_BEFORE);
        refund();
        reconcileUnknownOutcomes();
        assertThat(gateway.countRefunds(order)).isZero();
        assertThat(state()).isEqualTo("UNKNOWN");
    }

    @Test
    void concurrentReconcilersRetrieveEachStatusOnce() throws Exception {
        reconcileUnknownOutcomes();
        var orders = IntStream.range(0, 30).mapToObj(_ -> UUID.randomUUID()).toList();
        for (var id : orders) {
            gateway.fail(GatewayCall.CONFIRM, FakeGatewayFault.CRASH_AFTER);
            send(id + "/authorization", id + ":authorization", authorizationBody("pm_card_visa"));
        }
        makeStatusChecksDue();
        gateway.reset();
        callConcurrently(4, reconciler::reconcileDue);
        assertThat(gateway.recordedCalls())
                .hasSize(30)
                .allMatch(call -> call.call() == GatewayCall.RETRIEVE_STATUS);
        for (var id : orders) {
            assertThat(json(get(id.toString())).get("state").asString()).isEqualTo("AUTHORIZED");
        }
    }

    @Test
    void statusChecksOfAnUnreachableGatewayBackOff() {
        gateway.fail(GatewayCall.CONFIRM, FakeGatewayFault.CRASH_AFTER);
        authorize();
        gateway.fail(
                GatewayCall.RETRIEVE_STATUS,
                FakeGatewayFault.UNREACHABLE,
                FakeGatewayFault.CRASH_BEFORE);
        reconcileUnknownOutcomes();
        double first = secondsToNextCheck();
        reconcileUnknownOutcomes();
        assertThat(secondsToNextCheck()).isGreaterThan(first);
        assertThat(state()).isEqualTo("UNKNOWN");
        reconcileUnknownOutcomes();
        assertThat(state()).isEqualTo("AUTHORIZED");
    }

    /// Moves the timestamps of the rows back by five minutes at a time.
    @Test
    void anHourWithoutTheGatewayEndsInOneAuthorization() {
        gateway.fail(GatewayCall.CONFIRM, FakeGatewayFault.LOST_AFTER);
        gateway.fail(
                GatewayCall.RETRIEVE_STATUS,
                Collections.nCopies(100, FakeGatewayFault.UNREACHABLE)
                        .toArray(FakeGatewayFault[]::new));
        assertProblem(authorize(), 503, "payment-outcome-unknown");
        for (int minutes = 0; minutes < 60; minutes += 5) {
            jdbc.sql(
                            """
                            UPDATE unknown_outcome
                            SET unknown_since = unknown_since - interval '5 minutes',
                                requested_at = requested_at - interval '5 minutes',
                                next_check_at = next_check_at - interval '5 minutes'
                            """)
                    .update();
            expireLeases();
            assertThat(reconciler.reconcileDue())
                    .as("status checks in minute " + minutes)
                    .isEqualTo(1);
            assertProblem(authorize(), 503, "payment-outcome-unknown");
            assertThat(state()).isEqualTo("UNKNOWN");
        }
        gateway.reset();
        makeStatusChecksDue();
        reconciler.reconcileDue();
        assertThat(state()).isEqualTo("AUTHORIZED");
        assertThat(authorize().statusCode()).isEqualTo(201);
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
    }

    @Test
    void theGaugeCountsOutcomesThatAreUnknownForLong() {
        reconcileUnknownOutcomes();
        gateway.fail(GatewayCall.CONFIRM, FakeGatewayFault.CRASH_AFTER);
        authorize();
        reconciler.reconcileDue();
        assertThat(readUnknownGauge()).isZero();
        jdbc.sql("UPDATE unknown_outcome SET unknown_since = now() - interval '1 minute'").update();
        reconciler.reconcileDue();
        assertThat(readUnknownGauge()).isEqualTo(1);
        reconcileUnknownOutcomes();
        assertThat(readUnknownGauge()).isZero();
    }

    private double secondsToNextCheck() {
        return jdbc.sql(
                        """
                        SELECT extract(epoch FROM next_check_at - clock_timestamp())
                        FROM unknown_outcome WHERE order_id = :order
                        """)
                .param("order", order)
                .query(Double.class)
                .single();
    }

    private double readUnknownGauge() {
        return meters.get("payments.unknown").gauge().value();
    }
}
