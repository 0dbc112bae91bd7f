package dev.orderflow.localrun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.operations.orders.FinalOrderState;
import dev.orderflow.order.domain.OrderState;
import dev.orderflow.order.domain.RejectionReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// operations-console uses order-service over its API only, so it has its own list of final states.
class FinalOrderStateTest {

    @ParameterizedTest
    @EnumSource
    void eachFinalStateOfTheConsoleIsFinalInOrderService(FinalOrderState state) {
        assertThat(OrderState.of(state.name(), RejectionReason.values()[0].name()))
                .isInstanceOf(OrderState.Final.class);
    }

    @Test
    void theConsoleHasAsManyFinalStatesAsOrderService() {
        assertThat(FinalOrderState.values())
                .hasSameSizeAs(OrderState.Final.class.getPermittedSubclasses());
    }
}
