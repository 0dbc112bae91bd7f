package dev.orderflow.systemtests;

import org.junit.jupiter.api.Test;

/// Longer than the half hour of [ChecklistTest].
class ShippingOutageTest {

    @Test
    void anOutageOfTheCarrierOfTwoHoursLosesNoOrder() {
        new CarrierOutageScenario().everyOrderWaitsItOutAndShipsOnce(120);
    }
}
