package dev.orderflow.shipping;

import static dev.orderflow.shipping.ShippingStubServer.bookingRequests;
import static dev.orderflow.shipping.ShippingStubServer.callbacks;
import static dev.orderflow.shipping.ShippingStubServer.permitRequests;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.shipping.shipment.CarrierCircuitBreaker;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Outages of the carrier and of order-service.
class ShippingDependencyOutageTest extends ShippingServiceFixture {

    @Test
    void afterAnOutageEveryOrderShipsOnceAndNoneIsDeadLettered() {
        var orders = Stream.generate(UUID::randomUUID).limit(12).toList();
        ShippingStubServer.CARRIER.respondWith(_ -> ShippingStubServer.DOWN);
        orders.forEach(each -> request(each, "token-of-" + each));
        awaitResuming(() -> circuitBreaker.state() == CarrierCircuitBreaker.CircuitState.OPEN);
        awaitResuming(() -> shipments.countWaiting() > 0 && gauge("shipments.waiting") > 0);
        // Many more probes than the maximum receive count of a request.
        int asked = ShippingStubServer.CARRIER.requests(_ -> true).size();
        awaitResuming(() -> ShippingStubServer.CARRIER.requests(_ -> true).size() > asked + 8);
        awaitResuming(() -> gauge("shipments.circuit.open") == 1);

        ShippingStubServer.reset();
        for (var each : orders) {
            awaitResuming(() -> state(each).equals("BOOKED/ANSWERED"));
            assertThat(callbacks("token-of-" + each, "SendTaskSuccess")).isNotEmpty();
        }
        awaitResuming(() -> SqsFixture.depth(REQUESTS) == 0);
        assertThat(SqsFixture.depth(REQUESTS + "-dlq")).isZero();
        assertThat(gauge("shipments.circuit.open")).isZero();
        assertThat(gauge("shipments.waiting")).isZero();
    }

    @Test
    void duringAnOutageOfTheCarrierRequestsAreNotReceived() {
        ShippingStubServer.CARRIER.respondWith(_ -> ShippingStubServer.NO_RESPONSE);
        IntStream.range(0, 4).forEach(_ -> request(UUID.randomUUID(), "outage"));
        awaitResuming(() -> circuitBreaker.state() == CarrierCircuitBreaker.CircuitState.OPEN);
        // No request is in progress that could probe, so only the circuit breaker decides.
        var late = Stream.generate(UUID::randomUUID).limit(40).toList();
        late.forEach(each -> request(each, "token-of-" + each));
        int probes = ShippingStubServer.CARRIER.requests(_ -> true).size();
        awaitResuming(() -> ShippingStubServer.CARRIER.requests(_ -> true).size() > probes + 3);
        assertThat(late.stream().filter(each -> shipments.find(each).isPresent()).count())
                .isLessThan(20);

        ShippingStubServer.reset();
        awaitResuming(() -> late.stream().allMatch(e -> state(e).equals("BOOKED/ANSWERED")));
        assertThat(SqsFixture.depth(REQUESTS + "-dlq")).isZero();
    }

    @Test
    void duringAnOutageOfTheCarrierAnOrderCanBeCancelled() {
        ShippingStubServer.CARRIER.respondWith(_ -> ShippingStubServer.DOWN);
        IntStream.range(0, 4).forEach(_ -> request(UUID.randomUUID(), "outage"));
        awaitResuming(() -> circuitBreaker.state() == CarrierCircuitBreaker.CircuitState.OPEN);
        request(order, token);
        cancel(order);
        awaitResuming(() -> state(order).startsWith("CANCELLED"));
        ShippingStubServer.reset();
        awaitResuming(() -> state(order).equals("CANCELLED/ANSWERED"));
        assertThat(bookingRequests(order)).isEmpty();
        awaitResuming(() -> circuitBreaker.state() == CarrierCircuitBreaker.CircuitState.CLOSED);
    }

    @Test
    void anOutageOfOrderServiceDeadLettersNothing() {
        ShippingStubServer.PERMITS.put(order, ShippingStubServer.DOWN);
        request(order, token);
        awaitResuming(() -> permitRequests(order).size() > 6);
        assertThat(SqsFixture.depth(REQUESTS + "-dlq")).isZero();
        ShippingStubServer.PERMITS.clear();
        awaitResuming(() -> state(order).equals("BOOKED/ANSWERED"));
        assertThat(SqsFixture.depth(REQUESTS + "-dlq")).isZero();
    }
}
