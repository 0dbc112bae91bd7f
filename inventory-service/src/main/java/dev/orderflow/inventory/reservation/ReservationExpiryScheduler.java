package dev.orderflow.inventory.reservation;

import dev.orderflow.defaults.problem.FailureDescription;
import dev.orderflow.defaults.scheduling.OrderBatch;
import dev.orderflow.inventory.InventoryProperties;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.FixedDelayTask;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/// Expires overdue reservations whose orders have ended. Time alone never releases stock: only
/// order-service's report that the order ended does, so an order that waits for the end of a
/// shipping outage keeps its stock.
///
/// Any number of instances may run: a claim gives each overdue reservation to one of them at a
/// time, and no transaction is open during the call to order-service.
@Component
class ReservationExpiryScheduler implements SchedulingConfigurer {

    private static final Logger log = LoggerFactory.getLogger(ReservationExpiryScheduler.class);

    private final ReservationRepository repository;
    private final ReservationService reservations;
    private final OrderClient orders;
    private final InventoryProperties.ExpiryProperties properties;
    private final AtomicLong overdue = new AtomicLong();

    ReservationExpiryScheduler(
            ReservationRepository repository,
            ReservationService reservations,
            OrderClient orders,
            MeterRegistry meters,
            InventoryProperties properties) {
        this.repository = repository;
        this.reservations = reservations;
        this.orders = orders;
        this.properties = properties.expiry();
        Gauge.builder("inventory.reservations.overdue", overdue, AtomicLong::get)
                .description("Reservations open past their expiry")
                .register(meters);
    }

    @Override
    public void configureTasks(ScheduledTaskRegistrar registrar) {
        registrar.addFixedDelayTask(
                new FixedDelayTask(
                        this::expireOverdue, properties.interval(), properties.interval()));
    }

    void expireOverdue() {
        try {
            OrderBatch.forEach(
                    repository.claimOverdue(properties.batchSize(), properties.recheckAfter()),
                    Function.identity(),
                    "checking its overdue reservation",
                    this::checkOrder);
            overdue.set(repository.countOverdue());
        } catch (DataAccessException | TransactionException failed) {
            log.warn(
                    "checking overdue reservations failed, retrying at the next interval: {}",
                    FailureDescription.of(failed));
        }
    }

    private void checkOrder(UUID orderId) {
        switch (orders.findOutcome(orderId)) {
            case FINAL -> {
                if (reservations.expire(orderId)) {
                    log.info("order {}: has ended, its reservation expired", orderId);
                }
            }
            case OPEN -> log.debug("order {}: still open, its reservation is kept", orderId);
            case SHIPPED ->
                    log.warn(
                            "order {}: has shipped, but its OrderShipped event has not been"
                                    + " processed; its reservation is kept",
                            orderId);
            case UNKNOWN ->
                    log.warn("order {}: its outcome is unknown; its reservation is kept", orderId);
        }
    }
}
