package dev.orderflow.shipping.messaging;

import dev.orderflow.shipping.ShippingProperties;
import dev.orderflow.shipping.shipment.CarrierCircuitBreaker;
import dev.orderflow.shipping.shipment.ShipmentScheduler;
import dev.orderflow.shipping.shipment.ShipmentService;
import dev.orderflow.shipping.shipment.Shipments;
import dev.orderflow.shipping.shipment.WorkflowCallbackClient;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Runs the [ShipmentScheduler] at a fixed interval on every instance.
@Component
class ShipmentSchedulerTrigger {

    private final ShipmentScheduler scheduler;

    ShipmentSchedulerTrigger(
            ShipmentScheduler scheduler, Shipments shipments, MeterRegistry meters) {
        this.scheduler = scheduler;
        Gauge.builder("shipments.waiting", shipments, Shipments::countWaiting)
                .description("shipments that wait for a dispatch permit or the carrier")
                .register(meters);
    }

    @Scheduled(fixedDelayString = "${orderflow.shipping.scheduler.interval}")
    void sendHeartbeats() {
        scheduler.sendHeartbeats();
    }

    @Scheduled(fixedDelayString = "${orderflow.shipping.scheduler.interval}")
    void resumeStalled() {
        scheduler.resumeStalled();
    }

    @Configuration(proxyBeanMethods = false)
    static class ShipmentSchedulerConfiguration {

        @Bean
        ShipmentScheduler shipmentScheduler(
                Shipments shipments,
                ShipmentService shipmentService,
                CarrierCircuitBreaker circuitBreaker,
                WorkflowCallbackClient workflow,
                ShippingProperties properties) {
            return new ShipmentScheduler(
                    shipments,
                    shipmentService,
                    circuitBreaker,
                    workflow,
                    properties.scheduler().heartbeatInterval());
        }
    }
}
