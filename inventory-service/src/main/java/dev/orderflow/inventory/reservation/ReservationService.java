package dev.orderflow.inventory.reservation;

import dev.orderflow.contracts.value.Sku;
import dev.orderflow.defaults.idempotency.IdempotencyKey;
import dev.orderflow.defaults.inbox.Inbox;
import dev.orderflow.inventory.InventoryProperties;
import dev.orderflow.inventory.domain.Reservation;
import dev.orderflow.inventory.domain.ReservationDecision;
import dev.orderflow.inventory.domain.ReservationEvent;
import dev.orderflow.inventory.domain.ReservationLine;
import dev.orderflow.inventory.domain.ReservationLines;
import dev.orderflow.inventory.domain.ReservationState;
import dev.orderflow.inventory.domain.ReservationStatus;
import dev.orderflow.inventory.domain.Shortage;
import dev.orderflow.inventory.domain.StockMovement;
import dev.orderflow.inventory.stock.StockLevel;
import dev.orderflow.inventory.stock.StockRepository;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/// Carries out what the table of [Standing] decides, each time in one transaction that locks
/// the reservation first and its articles then.
@Service
public class ReservationService {

    private static final String SETTLEMENTS = "inventory-settlements";

    private final ReservationRepository repository;
    private final StockRepository stock;
    private final Inbox inbox;
    private final MeterRegistry meters;
    private final TransactionTemplate transactions;
    private final Duration holdFor;

    ReservationService(
            ReservationRepository book,
            StockRepository shelf,
            Inbox inbox,
            MeterRegistry meters,
            PlatformTransactionManager transactions,
            InventoryProperties properties) {
        this.repository = book;
        this.stock = shelf;
        this.inbox = inbox;
        this.meters = meters;
        this.transactions = new TransactionTemplate(transactions);
        this.holdFor = properties.reservationDuration();
    }

    /// Holds all lines of an order or none. A repeat gets the first answer and holds nothing
    /// twice; one that comes while the first is at work waits for it.
    public ReserveResult reserve(UUID orderId, IdempotencyKey key, ReservationLines wanted) {
        var reply =
                inTransaction(
                        _ ->
                                repository
                                        .create(orderId, key, wanted, holdFor)
                                        .map(opened -> holdStock(opened, wanted))
                                        .orElseGet(() -> repeatResult(orderId, wanted)));
        if (reply instanceof ReserveResult.StockReserved(var _, var again) && !again) {
            count(ReservationStatus.HELD);
        } else if (reply instanceof ReserveResult.StockInsufficient(var _, var again) && !again) {
            count(ReservationStatus.REFUSED);
            meters.counter("inventory.stock.outs").increment();
        }
        return reply;
    }

    private ReserveResult holdStock(Reservation opened, ReservationLines wanted) {
        var missing = shortage(wanted, stock.lock(wanted));
        if (missing.isPresent()) {
            repository.refuse(opened.orderId(), missing.get());
            return new ReserveResult.StockInsufficient(missing.get(), false);
        }
        stock.move(StockMovement.RESERVED, opened.orderId(), wanted);
        return new ReserveResult.StockReserved(opened, false);
    }

    private static Optional<Shortage> shortage(
            ReservationLines wanted, Map<Sku, StockLevel> levels) {
        return wanted.list().stream()
                .filter(line -> available(line, levels) < line.quantity())
                .findFirst()
                .map(line -> new Shortage(line.sku(), line.quantity(), available(line, levels)));
    }

    private static long available(ReservationLine line, Map<Sku, StockLevel> levels) {
        var level = levels.get(line.sku());
        return level == null ? 0 : level.available();
    }

    private ReserveResult repeatResult(UUID orderId, ReservationLines wanted) {
        return repository
                .find(orderId)
                .map(known -> repeatResult(known, wanted))
                // The order is unknown, so it is the key that another order had.
                .orElseGet(ReserveResult.DifferentRequest::new);
    }

    private static ReserveResult repeatResult(Reservation known, ReservationLines wanted) {
        return switch (known.state().decide(new ReservationEvent.ReservationRequested(wanted))) {
            case ReservationDecision.KeepState _ ->
                    known.state()
                                    instanceof
                                    ReservationState.ReservationRefused(var _, var shortage)
                            ? new ReserveResult.StockInsufficient(shortage, true)
                            : new ReserveResult.StockReserved(known, true);
            case ReservationDecision.RefuseEnded(var status) ->
                    new ReserveResult.ReservationEnded(status);
            case ReservationDecision.RefuseDifferentLines _ -> new ReserveResult.DifferentRequest();
            case ReservationDecision.HoldStock _,
                    ReservationDecision.MoveStock _,
                    ReservationDecision.ChangeStatus _,
                    ReservationDecision.RefuseFulfilled _,
                    ReservationDecision.RejectOutOfOrder _ ->
                    throw new IllegalStateException("a known order is not reserved anew");
        };
    }

    /// Lets go of what an order holds, if it holds anything, and refuses it from now on.
    public ReleaseResult release(UUID orderId, IdempotencyKey key) {
        ReleaseResult reply;
        try {
            reply = inTransaction(_ -> releaseLocked(orderId, key));
        } catch (DuplicateKeyException anotherOrdersKey) {
            return new ReleaseResult.KeyOfOtherOrder();
        }
        if (reply instanceof ReleaseResult.StockReleased(var stockReturned) && stockReturned) {
            count(ReservationStatus.RELEASED);
        }
        return reply;
    }

    private ReleaseResult releaseLocked(UUID orderId, IdempotencyKey key) {
        var known = repository.findForUpdate(orderId);
        if (known.isEmpty()) {
            if (repository.createTombstone(orderId, key)) {
                return new ReleaseResult.StockReleased(false);
            }
            // It was reserved at this very moment, or the key is another order's.
            known = repository.findForUpdate(orderId);
        }
        return known.map(reservation -> releaseLocked(reservation, key))
                .orElseGet(ReleaseResult.KeyOfOtherOrder::new);
    }

    private ReleaseResult releaseLocked(Reservation known, IdempotencyKey key) {
        var orderId = known.orderId();
        return switch (known.state().decide(new ReservationEvent.ReleaseRequested())) {
            case ReservationDecision.MoveStock(var lines, var movement, var _) -> {
                repository.release(orderId, key);
                stock.lock(lines);
                stock.move(movement, orderId, lines);
                yield new ReleaseResult.StockReleased(true);
            }
            case ReservationDecision.ChangeStatus _ -> {
                repository.release(orderId, key);
                yield new ReleaseResult.StockReleased(false);
            }
            case ReservationDecision.KeepState _ -> new ReleaseResult.StockReleased(false);
            case ReservationDecision.RefuseFulfilled _ -> new ReleaseResult.AlreadyFulfilled();
            case ReservationDecision.HoldStock _,
                    ReservationDecision.RefuseEnded _,
                    ReservationDecision.RefuseDifferentLines _,
                    ReservationDecision.RejectOutOfOrder _ ->
                    throw new IllegalStateException("a release leads to no such thing");
        };
    }

    /// Takes what an order held off the books, because it has left the house.
    ///
    /// @param eventId the publisher's id of the fact; handled once
    public SettlementResult settleShipment(String eventId, UUID orderId, ReservationLines shipped) {
        var settled =
                inTransaction(
                        transaction -> {
                            if (!inbox.recordIfNew(SETTLEMENTS, eventId)) {
                                return new SettlementResult.AlreadyDeducted();
                            }
                            var result = settleShipment(orderId, shipped);
                            if (result instanceof SettlementResult.SettlementOutOfOrder) {
                                // Not handled: once a person has put things right, it may come
                                // again.
                                transaction.setRollbackOnly();
                            }
                            return result;
                        });
        if (settled instanceof SettlementResult.StockDeducted) {
            count(ReservationStatus.FULFILLED);
        }
        return settled;
    }

    private SettlementResult settleShipment(UUID orderId, ReservationLines shipped) {
        var standing =
                repository
                        .findForUpdate(orderId)
                        .map(Reservation::state)
                        .orElseGet(ReservationState.NoReservation::new);
        return switch (standing.decide(new ReservationEvent.ShipmentReported(shipped))) {
            case ReservationDecision.MoveStock(var lines, var movement, var status) -> {
                repository.changeStatus(orderId, status);
                stock.lock(lines);
                stock.move(movement, orderId, lines);
                yield new SettlementResult.StockDeducted();
            }
            case ReservationDecision.KeepState _ -> new SettlementResult.AlreadyDeducted();
            case ReservationDecision.RejectOutOfOrder(var why) ->
                    new SettlementResult.SettlementOutOfOrder(why);
            case ReservationDecision.HoldStock _,
                    ReservationDecision.ChangeStatus _,
                    ReservationDecision.RefuseEnded _,
                    ReservationDecision.RefuseDifferentLines _,
                    ReservationDecision.RefuseFulfilled _ ->
                    throw new IllegalStateException("a shipment leads to no such thing");
        };
    }

    /// Gives back what an order holds, after order-service said that the order is over without
    /// a shipment.
    ///
    /// @return whether it held anything
    boolean expire(UUID orderId) {
        boolean expired =
                inTransaction(
                        _ ->
                                repository
                                        .findForUpdate(orderId)
                                        .map(this::expireLocked)
                                        .orElse(false));
        if (expired) {
            count(ReservationStatus.EXPIRED);
        }
        return expired;
    }

    private boolean expireLocked(Reservation known) {
        if (known.state().decide(new ReservationEvent.OrderEndedUnshipped())
                instanceof ReservationDecision.MoveStock(var lines, var movement, var status)) {
            repository.changeStatus(known.orderId(), status);
            stock.lock(lines);
            stock.move(movement, known.orderId(), lines);
            return true;
        }
        return false;
    }

    /// What is known of an order.
    public Optional<Reservation> find(UUID orderId) {
        return inTransaction(_ -> repository.find(orderId));
    }

    /// What is known of orders; one that nothing was heard of is missing.
    public List<Reservation> find(Collection<UUID> orderIds) {
        return inTransaction(_ -> repository.find(orderIds));
    }

    private void count(ReservationStatus status) {
        meters.counter("inventory.reservations", "became", status.name()).increment();
    }

    private <T> T inTransaction(Function<TransactionStatus, T> work) {
        var result = transactions.execute(work::apply);
        if (result == null) {
            throw new IllegalStateException("the transaction gave no result");
        }
        return result;
    }
}
