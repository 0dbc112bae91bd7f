package dev.orderflow.crashtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.localrun.Component;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CrashPlanTest {

    private static final CrashPlan.FaultCounts AMOUNT = CrashPlan.FaultCounts.of(1_000);

    @Test
    void theSameSeedInjectsTheSameFaultsAtTheSameOrders() {
        assertThat(plan(7)).isEqualTo(plan(7)).isNotEqualTo(plan(8));
    }

    @Test
    void aLongRunHasEveryKindOfOrderAndTheRequestedNumberOfKills() {
        var plan = plan(7);
        assertThat(
                        plan.orders().stream()
                                .map(CrashPlan.PlannedOrder::paymentMethodId)
                                .collect(Collectors.toSet()))
                .hasSize(4);
        assertThat(
                        plan.orders().stream()
                                .map(CrashPlan.PlannedOrder::sku)
                                .collect(Collectors.toSet()))
                .hasSize(4);
        assertThat(plan.orders()).anyMatch(order -> order.cancelAfterMillis() >= 0);
        var pointed = plan.faults().stream().filter(at -> at.what().kind().kills()).count();
        assertThat(pointed + plan.kills().size()).isEqualTo(AMOUNT.kills());
        assertThat(plan.databaseCrashes()).hasSize(AMOUNT.databaseCrashes());
    }

    @Test
    void theMostImportantInjectionPointsAreIncluded() {
        assertThat(CrashPlan.crashPoints().stream().map(Fault::point))
                .doesNotHaveDuplicates()
                .contains(
                        "order-service/local-cloud:events:PutEvents caller_killed_after",
                        "payment-service/sandbox-gateway:POST /v1/payment_intents/*/confirm"
                                + " caller_killed_after",
                        "shipping-service/sandbox-carrier:POST /bookings caller_killed_after",
                        "shipping-service/local-cloud:states:SendTaskSuccess caller_killed_before",
                        "notification-service/local-cloud:ses:SendEmail caller_killed_after",
                        "customers/order-service:POST /orders callee_killed_after",
                        "analytics-service/local-cloud:sqs:DeleteMessage caller_killed_before");
    }

    private static CrashPlan plan(long seed) {
        return CrashPlan.of(seed, 1_000, AMOUNT, Component.services());
    }
}
