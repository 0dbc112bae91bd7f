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
import dev.orderflow.inventory.domain.ReservationStateCode;
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

/// Executes the decisions of [ReservationState], each in one transaction that locks the reservation
/// first and its articles afterwards.
@Service
public class ReservationService {

    private static final String STOCK_DEDUCTIONS = "stock-deductions";

    private final ReservationRepository repository;
    private final StockRepository stock;
    private final Inbox inbox;
    private final MeterRegistry meters;
    private final TransactionTemplate transactions;
    private final Duration reservationDuration;

    ReservationService(
            ReservationRepository repository,
            StockRepository stock,
            Inbox inbox,
            MeterRegistry meters,
            PlatformTransactionManager transactions,
            InventoryProperties properties) {
        this.repository = repository;
        this.stock = stock;
        this.inbox = inbox;
        this.meters = meters;
        this.transactions = new TransactionTemplate(transactions);
        this.reservationDuration = properties.reservationDuration();
    }

    /// Reserves all lines of an order or none. A repeated request gets the first result and
    /// reserves nothing more. A request during the first one waits for its result.
    public ReserveResult reserve(UUID orderId, IdempotencyKey key, ReservationLines requested) {
        var result =
                inTransaction(
                        _ ->
                                repository
                                        .create(orderId, key, requested, reservationDuration)
                                        .map(created -> holdStock(created, requested))
                                        .orElseGet(() -> repeatResult(orderId, requested)));
        if (result instanceof ReserveResult.StockReserved(var _, var replayed) && !replayed) {
            count(ReservationStateCode.RESERVED);
        } else if (result instanceof ReserveResult.StockInsufficient(var _, var replayed)
                && !replayed) {
            count(ReservationStateCode.REFUSED);
            meters.counter("inventory.stock.outs").increment();
        }
        return result;
    }

    private ReserveResult holdStock(Reservation created, ReservationLines requested) {
        var shortage = findShortage(requested, stock.lock(requested));
        if (shortage.isPresent()) {
            repository.refuse(created.orderId(), shortage.get());
            return new ReserveResult.StockInsufficient(shortage.get(), false);
        }
        stock.move(StockMovement.RESERVED, created.orderId(), requested);
        return new ReserveResult.StockReserved(created, false);
    }

    private static Optional<Shortage> findShortage(
            ReservationLines requested, Map<Sku, StockLevel> levels) {
        return requested.list().stream()
                .filter(line -> available(line, levels) < line.quantity())
                .findFirst()
                .map(line -> new Shortage(line.sku(), line.quantity(), available(line, levels)));
    }

    private static long available(ReservationLine line, Map<Sku, StockLevel> levels) {
        var level = levels.get(line.sku());
        return level == null ? 0 : level.available();
    }

    private ReserveResult repeatResult(UUID orderId, ReservationLines requested) {
        return repository
                .find(orderId)
                .map(reservation -> repeatResult(reservation, requested))
                // The order has no reservation, so the key belongs to another order.
                .orElseGet(ReserveResult.DifferentRequest::new);
    }

    private static ReserveResult repeatResult(Reservation reservation, ReservationLines requested) {
        return switch (reservation
                .state()
                .decide(new ReservationEvent.ReservationRequested(requested))) {
            case ReservationDecision.KeepState _ ->
                    reservation.state()
                                    instanceof
                                    ReservationState.ReservationRefused(var _, var shortage)
                            ? new ReserveResult.StockInsufficient(shortage, true)
                            : new ReserveResult.StockReserved(reservation, true);
            case ReservationDecision.RefuseEnded(var state) ->
                    new ReserveResult.ReservationEnded(state);
            case ReservationDecision.RefuseDifferentLines _ -> new ReserveResult.DifferentRequest();
            case ReservationDecision.HoldStock _,
                    ReservationDecision.MoveStock _,
                    ReservationDecision.ChangeState _,
                    ReservationDecision.RefuseFulfilled _,
                    ReservationDecision.RejectOutOfOrder _ ->
                    throw new IllegalStateException(
                            "unexpected decision on a repeated reservation request");
        };
    }

    /// Releases the stock that an order holds, if any, and refuses a later reservation.
    public ReservationReleaseResult release(UUID orderId, IdempotencyKey key) {
        ReservationReleaseResult result;
        try {
            result = inTransaction(_ -> releaseLocked(orderId, key));
        } catch (DuplicateKeyException _) {
            return new ReservationReleaseResult.KeyOfOtherOrder();
        }
        if (result instanceof ReservationReleaseResult.StockReleased(var stockReturned, _)
                && stockReturned) {
            count(ReservationStateCode.RELEASED);
        }
        return result;
    }

    private ReservationReleaseResult releaseLocked(UUID orderId, IdempotencyKey key) {
        var known = repository.findForUpdate(orderId);
        if (known.isEmpty()) {
            if (repository.createTombstone(orderId, key)) {
                return new ReservationReleaseResult.StockReleased(false, false);
            }
            // A concurrent request has created the reservation, or another order has the key.
            known = repository.findForUpdate(orderId);
        }
        return known.map(reservation -> releaseLocked(reservation, key))
                .orElseGet(ReservationReleaseResult.KeyOfOtherOrder::new);
    }

    private ReservationReleaseResult releaseLocked(Reservation reservation, IdempotencyKey key) {
        var orderId = reservation.orderId();
        return switch (reservation.state().decide(new ReservationEvent.ReleaseRequested())) {
            case ReservationDecision.MoveStock(var lines, var movement, var _) -> {
                repository.release(orderId, key);
                stock.lock(lines);
                stock.move(movement, orderId, lines);
                yield new ReservationReleaseResult.StockReleased(true, false);
            }
            case ReservationDecision.ChangeState _ -> {
                repository.release(orderId, key);
                yield new ReservationReleaseResult.StockReleased(false, false);
            }
            case ReservationDecision.KeepState _ ->
                    new ReservationReleaseResult.StockReleased(false, true);
            case ReservationDecision.RefuseFulfilled _ ->
                    new ReservationReleaseResult.AlreadyFulfilled();
            case ReservationDecision.HoldStock _,
                    ReservationDecision.RefuseEnded _,
                    ReservationDecision.RefuseDifferentLines _,
                    ReservationDecision.RejectOutOfOrder _ ->
                    throw new IllegalStateException("unexpected decision on a release request");
        };
    }

    /// Deducts the stock that an order holds, because the order has shipped.
    ///
    /// @param eventId the id of the event, which is processed once
    public StockDeductionResult deductStock(
            String eventId, UUID orderId, ReservationLines shipped) {
        var result =
                inTransaction(
                        transaction -> {
                            if (!inbox.recordIfNew(STOCK_DEDUCTIONS, eventId)) {
                                return new StockDeductionResult.AlreadyDeducted();
                            }
                            var deduction = deductStock(orderId, shipped);
                            if (deduction instanceof StockDeductionResult.DeductionOutOfOrder) {
                                // The event is not recorded as processed, so that it can be
                                // redriven after an operator has fixed the cause.
                                transaction.setRollbackOnly();
                            }
                            return deduction;
                        });
        if (result instanceof StockDeductionResult.StockDeducted) {
            count(ReservationStateCode.FULFILLED);
        }
        return result;
    }

    private StockDeductionResult deductStock(UUID orderId, ReservationLines shipped) {
        var state =
                repository
                        .findForUpdate(orderId)
                        .map(Reservation::state)
                        .orElseGet(ReservationState.NoReservation::new);
        return switch (state.decide(new ReservationEvent.ShipmentReported(shipped))) {
            case ReservationDecision.MoveStock(var lines, var movement, var newState) -> {
                repository.changeState(orderId, newState);
                stock.lock(lines);
                stock.move(movement, orderId, lines);
                yield new StockDeductionResult.StockDeducted();
            }
            case ReservationDecision.KeepState _ -> new StockDeductionResult.AlreadyDeducted();
            case ReservationDecision.RejectOutOfOrder(var reason) ->
                    new StockDeductionResult.DeductionOutOfOrder(reason);
            case ReservationDecision.HoldStock _,
                    ReservationDecision.ChangeState _,
                    ReservationDecision.RefuseEnded _,
                    ReservationDecision.RefuseDifferentLines _,
                    ReservationDecision.RefuseFulfilled _ ->
                    throw new IllegalStateException("unexpected decision on a shipment");
        };
    }

    /// Returns the stock that an order holds, after order-service has reported that the order ended
    /// without a shipment.
    ///
    /// @return whether the order had reserved stock
    boolean expire(UUID orderId) {
        boolean expired =
                inTransaction(
                        _ ->
                                repository
                                        .findForUpdate(orderId)
                                        .map(this::expireLocked)
                                        .orElse(false));
        if (expired) {
            count(ReservationStateCode.EXPIRED);
        }
        return expired;
    }

    private boolean expireLocked(Reservation reservation) {
        if (reservation.state().decide(new ReservationEvent.OrderEndedUnshipped())
                instanceof ReservationDecision.MoveStock(var lines, var movement, var newState)) {
            repository.changeState(reservation.orderId(), newState);
            stock.lock(lines);
            stock.move(movement, reservation.orderId(), lines);
            return true;
        }
        return false;
    }

    /// Finds the reservation of an order.
    public Optional<Reservation> find(UUID orderId) {
        return inTransaction(_ -> repository.find(orderId));
    }

    /// Finds the reservations of orders; an order without a reservation is missing.
    public List<Reservation> find(Collection<UUID> orderIds) {
        return inTransaction(_ -> repository.find(orderIds));
    }

    private void count(ReservationStateCode state) {
        meters.counter("inventory.reservations", "state", state.name()).increment();
    }

    private <T> T inTransaction(Function<TransactionStatus, T> work) {
        var result = transactions.execute(work::apply);
        if (result == null) {
            throw new IllegalStateException("the transaction returned null");
        }
        return result;
    }
}
