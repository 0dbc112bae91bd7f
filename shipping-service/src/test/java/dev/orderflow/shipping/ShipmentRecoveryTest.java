package dev.orderflow.shipping;

import static dev.orderflow.shipping.ShippingStubServer.bookingRequests;
import static dev.orderflow.shipping.ShippingStubServer.callbacks;
import static dev.orderflow.shipping.ShippingStubServer.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.value.TaskToken;
import dev.orderflow.shipping.domain.ShipmentUpdate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Crashes and several instances: only what is in the database is left.
class ShipmentRecoveryTest extends ShippingServiceFixture {

    @Test
    void aRestartContinuesAfterACrash() {
        var waiting =
                createWithoutProcessing(
                        new ShipmentUpdate.ShipmentRequested(new TaskToken("w"), Instant.now()));
        var permitted =
                createWithoutProcessing(
                        new ShipmentUpdate.ShipmentRequested(new TaskToken("p"), Instant.now()),
                        new ShipmentUpdate.PermitGranted());
        var booked =
                createWithoutProcessing(
                        new ShipmentUpdate.ShipmentRequested(new TaskToken("b"), Instant.now()),
                        new ShipmentUpdate.PermitGranted(),
                        new ShipmentUpdate.CarrierBooked(
                                new dev.orderflow.shipping.domain.TrackingNumber("BEFORE-CRASH")));
        var refused =
                createWithoutProcessing(
                        new ShipmentUpdate.ShipmentRequested(new TaskToken("r"), Instant.now()),
                        new ShipmentUpdate.PermitGranted(),
                        new ShipmentUpdate.CarrierRejected());
        var cancelled =
                createWithoutProcessing(
                        new ShipmentUpdate.ShipmentRequested(new TaskToken("c"), Instant.now()),
                        new ShipmentUpdate.PermitDenied());
        awaitResuming(() -> state(waiting).equals("BOOKED/ANSWERED"));
        awaitResuming(() -> state(permitted).equals("BOOKED/ANSWERED"));
        awaitResuming(() -> state(booked).equals("BOOKED/ANSWERED"));
        awaitResuming(() -> state(refused).equals("REJECTED/ANSWERED"));
        awaitResuming(() -> state(cancelled).equals("CANCELLED/ANSWERED"));
        assertThat(bookingRequests(booked)).isEmpty();
        assertThat(callbacks("b", "SendTaskSuccess").getFirst().body()).contains("BEFORE-CRASH");
        assertThat(bookingRequests(refused)).isEmpty();
    }

    private UUID createWithoutProcessing(ShipmentUpdate... reports) {
        var orderId = UUID.randomUUID();
        for (var report : reports) {
            shipments.apply(orderId, report);
        }
        return orderId;
    }

    @Test
    void concurrentRequestsForOneOrderShareOneShipment() throws Exception {
        runConcurrently(
                16,
                i ->
                        shipmentService.arrange(
                                order, new TaskToken(token), Instant.EPOCH.plusMillis(i)));
        awaitResuming(() -> state(order).equals("BOOKED/ANSWERED"));
        assertThat(count("SELECT count(*) FROM shipment")).isEqualTo(1);
        assertThat(bookingRequests(order))
                .extracting(request -> request.header("Idempotency-Key"))
                .containsOnly(order.toString());
    }

    @Test
    void aConcurrentCancellationAndRequestHaveOneOutcome() throws Exception {
        for (int round = 0; round < 8; round++) {
            var each = UUID.randomUUID();
            ShippingStubServer.PERMITS.put(each, problem(409, "dispatch-denied"));
            runConcurrently(
                    4,
                    i ->
                            i % 2 == 0
                                    ? shipmentService.arrange(
                                            each, new TaskToken(each.toString()), Instant.now())
                                    : shipmentService.cancel(each));
            awaitResuming(() -> state(each).equals("CANCELLED/ANSWERED"));
            assertThat(bookingRequests(each)).isEmpty();
        }
    }

    @Test
    void concurrentClaimsNeverTakeTheSameShipment() throws Exception {
        // order-service does not respond, so shipments that the service's own scheduler claims do
        // not change.
        ShippingStubServer.ORDER_SERVICE.respondWith(_ -> ShippingStubServer.DOWN);
        IntStream.range(0, 60)
                .forEach(
                        i ->
                                createWithoutProcessing(
                                        new ShipmentUpdate.ShipmentRequested(
                                                new TaskToken("t" + i), Instant.now())));
        var claimed = new ArrayList<UUID>();
        var every = Duration.ofHours(1);
        jdbc.sql("UPDATE shipment SET next_heartbeat_at = now() - interval '1 s'").update();
        var claims = runConcurrently(8, _ -> shipments.claimHeartbeats(10, every));
        claims.forEach(claim -> claim.forEach(heartbeat -> claimed.add(heartbeat.orderId())));
        assertThat(claimed).isNotEmpty().doesNotHaveDuplicates();
    }

    private static <T> List<T> runConcurrently(int many, java.util.function.IntFunction<T> action)
            throws Exception {
        var results = new ArrayList<T>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running =
                    threads.invokeAll(
                            IntStream.range(0, many)
                                    .<Callable<T>>mapToObj(i -> () -> action.apply(i))
                                    .toList());
            for (var one : running) {
                results.add(one.get());
            }
        }
        return results;
    }
}
