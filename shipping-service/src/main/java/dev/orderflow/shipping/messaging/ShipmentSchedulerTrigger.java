package dev.orderflow.shipping.messaging;

import dev.orderflow.defaults.history.OrderIncidents;
import dev.orderflow.shipping.ShippingProperties;
import dev.orderflow.shipping.shipment.CarrierCircuitBreaker;
import dev.orderflow.shipping.shipment.CarrierOutageRecorder;
import dev.orderflow.shipping.shipment.ShipmentScheduler;
import dev.orderflow.shipping.shipment.ShipmentService;
import dev.orderflow.shipping.shipment.Shipments;
import dev.orderflow.shipping.shipment.WorkflowCallbackClient;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;
import org.springframework.stereotype.Component;

/// Runs the [ShipmentScheduler] at a fixed interval on every instance.
@Component
class ShipmentSchedulerTrigger implements SchedulingConfigurer {

    /// How often the state of the carrier is recorded, for the history of the orders that wait.
    private static final Duration OUTAGE_INTERVAL = Duration.ofSeconds(1);

    private final ShipmentScheduler scheduler;
    private final CarrierOutageRecorder outages;
    private final Duration interval;

    ShipmentSchedulerTrigger(
            ShipmentScheduler scheduler,
            CarrierOutageRecorder outages,
            Shipments shipments,
            MeterRegistry meters,
            ShippingProperties properties) {
        this.scheduler = scheduler;
        this.outages = outages;
        this.interval = properties.scheduler().interval();
        Gauge.builder("shipments.waiting", shipments, Shipments::countWaiting)
                .description("shipments that wait for a dispatch permit or the carrier")
                .register(meters);
    }

    @Override
    public void configureTasks(ScheduledTaskRegistrar registrar) {
        registrar.addFixedDelayTask(scheduler::sendHeartbeats, interval);
        registrar.addFixedDelayTask(scheduler::resumeStalled, interval);
        registrar.addFixedDelayTask(outages::recordState, OUTAGE_INTERVAL);
    }

    @Configuration(proxyBeanMethods = false)
    static class ShipmentSchedulerConfiguration {

        @Bean
        ShipmentScheduler shipmentScheduler(
                Shipments shipments,
                ShipmentService shipmentService,
                CarrierCircuitBreaker circuitBreaker,
                WorkflowCallbackClient workflow,
                OrderIncidents incidents,
                ShippingProperties properties) {
            return new ShipmentScheduler(
                    shipments,
                    shipmentService,
                    circuitBreaker,
                    workflow,
                    incidents,
                    properties.scheduler().heartbeatInterval());
        }
    }
}
