package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Fails if a change makes orders cost more than the budget.
class CostTest {

    @Test
    void aThousandOrdersStayWithinTheBudget() {
        var counted = RunningSystem.shared().costAndBudget(10);
        assertThat(counted.getKey()).isPositive().isLessThanOrEqualTo(counted.getValue());
    }
}
