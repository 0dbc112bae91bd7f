package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// A change that makes orders dearer than the budget fails here.
class CostTest {

    @Test
    void aThousandOrdersStayWithinTheBudget() {
        var counted = RunningSystem.shared().costAndBudget(10);
        assertThat(counted.getKey()).isPositive().isLessThanOrEqualTo(counted.getValue());
    }
}
