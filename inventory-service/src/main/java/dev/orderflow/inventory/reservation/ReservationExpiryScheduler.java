package dev.orderflow.inventory.reservation;

import dev.orderflow.inventory.InventoryProperties;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/// Looks after reservations past their expiry. Time alone never takes an order's stock away: only
/// order-service's word that the order is over does, so an order that waits out a shipping
/// outage keeps it.
///
/// Any number of instances may run it: each overdue reservation is asked about by one of them
/// at a time, and nobody holds a transaction open while asking.
@Component
class ReservationExpiryScheduler {

    private static final Logger log = LoggerFactory.getLogger(ReservationExpiryScheduler.class);

    private final ReservationRepository repository;
    private final ReservationService reservations;
    private final OrderClient orders;
    private final InventoryProperties.ExpiryProperties properties;
    private final AtomicLong overdue = new AtomicLong();

    ReservationExpiryScheduler(
            ReservationRepository book,
            ReservationService reservations,
            OrderClient orders,
            MeterRegistry meters,
            InventoryProperties properties) {
        this.repository = book;
        this.reservations = reservations;
        this.orders = orders;
        this.properties = properties.expiry();
        Gauge.builder("inventory.reservations.overdue", overdue, AtomicLong::get)
                .description("Reservations held past their expiry")
                .register(meters);
    }

    @Scheduled(
            initialDelayString = "${orderflow.inventory.expiry.interval}",
            fixedDelayString = "${orderflow.inventory.expiry.interval}")
    void expireOverdue() {
        try {
            repository
                    .claimOverdue(properties.batchSize(), properties.recheckAfter())
                    .forEach(this::checkOrder);
            overdue.set(repository.countOverdue());
        } catch (DataAccessException | TransactionException later) {
            log.info("overdue reservations wait for the next look: {}", later.getMessage());
        }
    }

    private void checkOrder(UUID orderId) {
        switch (orders.findOutcome(orderId)) {
            case ENDED -> {
                if (reservations.expire(orderId)) {
                    log.info("order {} is over, its reservation expired", orderId);
                }
            }
            case OPEN -> log.debug("order {} is still open and keeps its stock", orderId);
            case SHIPPED ->
                    log.warn("order {} has shipped and its stock is not settled yet", orderId);
            case UNKNOWN ->
                    log.warn("nobody knows whether order {} is over; it keeps its stock", orderId);
        }
    }
}
