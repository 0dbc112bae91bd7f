package dev.orderflow.systemtests;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Longer than the half hour of [ChecklistTest].
@ResourceLock(RunningSystem.HURRIED)
class ShippingOutageTest {

    @Test
    void anOutageOfTheCarrierOfTwoHoursLosesNoOrder() {
        new CarrierOutageScenario().everyOrderWaitsItOutAndShipsOnce(120);
    }
}
