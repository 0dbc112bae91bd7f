package dev.orderflow.crashtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.localrun.Part;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PlanTest {

    private static final Plan.Amount AMOUNT = Plan.Amount.of(1_000);

    @Test
    void theSameSeedBreaksTheSameThingsAtTheSameOrders() {
        assertThat(plan(7)).isEqualTo(plan(7)).isNotEqualTo(plan(8));
    }

    @Test
    void aLongRunHasEveryKindOfOrderAndAsManyKillsAsAskedFor() {
        var plan = plan(7);
        assertThat(
                        plan.orders().stream()
                                .map(Plan.Order::paymentMethodId)
                                .collect(Collectors.toSet()))
                .hasSize(4);
        assertThat(plan.orders().stream().map(Plan.Order::sku).collect(Collectors.toSet()))
                .hasSize(4);
        assertThat(plan.orders()).anyMatch(order -> order.cancelAfterMillis() >= 0);
        var pointed = plan.faults().stream().filter(at -> at.what().kind().kills()).count();
        assertThat(pointed + plan.kills().size()).isEqualTo(AMOUNT.kills());
        assertThat(plan.databaseCrashes()).hasSize(AMOUNT.databaseCrashes());
    }

    @Test
    void thePointsThatMatterMostAreAmongThem() {
        assertThat(Plan.crashPoints().stream().map(Fault::point))
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

    private static Plan plan(long seed) {
        return Plan.of(seed, 1_000, AMOUNT, Part.services());
    }
}
