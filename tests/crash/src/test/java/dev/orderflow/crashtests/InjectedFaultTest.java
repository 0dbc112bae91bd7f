package dev.orderflow.crashtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.crashtests.Fault.FaultKind;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InjectedFaultTest {

    @ParameterizedTest
    @CsvSource({
        "ANSWER_LOST, notification-service, order-service, GET /internal/orders/*/contact, false",
        "REFUSED, notification-service, order-service, GET /internal/orders/*/contact, false",
        "REPEATED, shipping-service, order-service, POST /internal/orders/*/dispatch-permit, true",
        "REPEATED, customers, order-service, POST /orders/*/cancellation, true",
        "ANSWER_LOST, customers, order-service, POST /orders/*/cancellation, true",
        "CALLEE_KILLED_AFTER, customers, order-service, POST /orders/*/cancellation, true",
        "ANSWER_LOST, order-service, local-cloud, states:StartExecution, false",
    })
    void leavesNoTraceIfNobodyNoticesIt(
            FaultKind kind, String caller, String callee, String call, boolean refused) {
        assertThat(injected(kind, caller, callee, call, refused).absorbedBy()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ANSWER_LOST, shipping-service, order-service, POST /internal/orders/*/dispatch-permit, true",
        "REPEATED, shipping-service, order-service, POST /internal/orders/*/dispatch-permit, false",
        "REPEATED, workflow, inventory-service, POST /internal/reservations, false",
        "ANSWER_LOST, customers, order-service, POST /orders/*/cancellation, false",
        "CALLEE_KILLED_AFTER, customers, order-service, POST /orders/*/cancellation, false",
        "ANSWER_LOST, notification-service, local-cloud, ses:SendEmail, false",
        "ANSWER_LOST, shipping-service, local-cloud, sqs:ReceiveMessage, false",
    })
    void mustBeVisibleIfAPartNoticesIt(
            FaultKind kind, String caller, String callee, String call, boolean refused) {
        assertThat(injected(kind, caller, callee, call, refused).absorbedBy()).isEmpty();
    }

    private static InjectedFault injected(
            FaultKind kind, String caller, String callee, String call, boolean refused) {
        return new InjectedFault(new Fault(kind, caller, callee, call, 0), Set.of(), refused);
    }
}
