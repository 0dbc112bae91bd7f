package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Fails if a change makes orders cost more than the budget.
@ResourceLock(RunningSystem.SHARED)
class CostTest {

    @Test
    void aThousandOrdersStayWithinTheBudget() {
        var counted = RunningSystem.shared().costAndBudget(10);
        assertThat(counted.getKey()).isPositive().isLessThanOrEqualTo(counted.getValue());
    }
}
