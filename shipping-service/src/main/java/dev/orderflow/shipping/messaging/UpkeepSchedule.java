package dev.orderflow.shipping.messaging;

import dev.orderflow.shipping.ShippingProperties;
import dev.orderflow.shipping.arrangement.Arrangement;
import dev.orderflow.shipping.arrangement.OutageGate;
import dev.orderflow.shipping.arrangement.Shipments;
import dev.orderflow.shipping.arrangement.Upkeep;
import dev.orderflow.shipping.arrangement.WaitingWorkflow;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// When the upkeep is done, on every instance.
@Component
class UpkeepSchedule {

    private final Upkeep upkeep;

    UpkeepSchedule(Upkeep upkeep, Shipments shipments, MeterRegistry meters) {
        this.upkeep = upkeep;
        Gauge.builder("shipments.waiting", shipments, Shipments::waiting)
                .description("shipments a workflow waits for")
                .register(meters);
    }

    @Scheduled(fixedDelayString = "${orderflow.shipping.upkeep.tick}")
    void giveSignsOfLife() {
        upkeep.giveSignsOfLife();
    }

    @Scheduled(fixedDelayString = "${orderflow.shipping.upkeep.tick}")
    void resume() {
        upkeep.resume();
    }

    @Configuration(proxyBeanMethods = false)
    static class Wiring {

        @Bean
        Upkeep upkeep(
                Shipments shipments,
                Arrangement arrangement,
                OutageGate gate,
                WaitingWorkflow workflow,
                ShippingProperties properties) {
            return new Upkeep(
                    shipments, arrangement, gate, workflow, properties.upkeep().heartbeatEvery());
        }
    }
}
