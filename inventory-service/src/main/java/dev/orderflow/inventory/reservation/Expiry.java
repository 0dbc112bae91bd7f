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
class Expiry {

    private static final Logger log = LoggerFactory.getLogger(Expiry.class);

    private final ReservationBook book;
    private final Reservations reservations;
    private final OrderDesk orders;
    private final InventoryProperties.Expiry properties;
    private final AtomicLong overdue = new AtomicLong();

    Expiry(
            ReservationBook book,
            Reservations reservations,
            OrderDesk orders,
            MeterRegistry meters,
            InventoryProperties properties) {
        this.book = book;
        this.reservations = reservations;
        this.orders = orders;
        this.properties = properties.expiry();
        Gauge.builder("inventory.reservations.overdue", overdue, AtomicLong::get)
                .description("Reservations held past their expiry")
                .register(meters);
    }

    @Scheduled(
            initialDelayString = "${orderflow.inventory.expiry.every}",
            fixedDelayString = "${orderflow.inventory.expiry.every}")
    void look() {
        try {
            book.claimOverdue(properties.batch(), properties.askAgainAfter()).forEach(this::ask);
            overdue.set(book.overdue());
        } catch (DataAccessException | TransactionException later) {
            log.info("overdue reservations wait for the next look: {}", later.getMessage());
        }
    }

    private void ask(UUID orderId) {
        switch (orders.fateOf(orderId)) {
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
