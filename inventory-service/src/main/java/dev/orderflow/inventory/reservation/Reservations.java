package dev.orderflow.inventory.reservation;

import dev.orderflow.contracts.value.Sku;
import dev.orderflow.defaults.idempotency.IdempotencyKey;
import dev.orderflow.defaults.inbox.Inbox;
import dev.orderflow.inventory.InventoryProperties;
import dev.orderflow.inventory.domain.Decision;
import dev.orderflow.inventory.domain.Line;
import dev.orderflow.inventory.domain.Lines;
import dev.orderflow.inventory.domain.Movement;
import dev.orderflow.inventory.domain.Report;
import dev.orderflow.inventory.domain.Reservation;
import dev.orderflow.inventory.domain.Shortage;
import dev.orderflow.inventory.domain.Standing;
import dev.orderflow.inventory.domain.Status;
import dev.orderflow.inventory.stock.Shelf;
import dev.orderflow.inventory.stock.StockLevel;
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
public class Reservations {

    private static final String SETTLEMENTS = "inventory-settlements";

    private final ReservationBook book;
    private final Shelf shelf;
    private final Inbox inbox;
    private final MeterRegistry meters;
    private final TransactionTemplate transactions;
    private final Duration holdFor;

    Reservations(
            ReservationBook book,
            Shelf shelf,
            Inbox inbox,
            MeterRegistry meters,
            PlatformTransactionManager transactions,
            InventoryProperties properties) {
        this.book = book;
        this.shelf = shelf;
        this.inbox = inbox;
        this.meters = meters;
        this.transactions = new TransactionTemplate(transactions);
        this.holdFor = properties.holdFor();
    }

    /// Holds all lines of an order or none. A repeat gets the first answer and holds nothing
    /// twice; one that comes while the first is at work waits for it.
    public Reply reserve(UUID orderId, IdempotencyKey key, Lines wanted) {
        var reply =
                inTransaction(
                        _ ->
                                book.open(orderId, key, wanted, holdFor)
                                        .map(opened -> hold(opened, wanted))
                                        .orElseGet(() -> again(orderId, wanted)));
        if (reply instanceof Reply.Held(var _, var again) && !again) {
            count(Status.HELD);
        } else if (reply instanceof Reply.OutOfStock(var _, var again) && !again) {
            count(Status.REFUSED);
            meters.counter("inventory.stock.outs").increment();
        }
        return reply;
    }

    private Reply hold(Reservation opened, Lines wanted) {
        var missing = shortage(wanted, shelf.lock(wanted));
        if (missing.isPresent()) {
            book.refuse(opened.orderId(), missing.get());
            return new Reply.OutOfStock(missing.get(), false);
        }
        shelf.move(Movement.RESERVED, opened.orderId(), wanted);
        return new Reply.Held(opened, false);
    }

    private static Optional<Shortage> shortage(Lines wanted, Map<Sku, StockLevel> levels) {
        return wanted.list().stream()
                .filter(line -> available(line, levels) < line.quantity())
                .findFirst()
                .map(line -> new Shortage(line.sku(), line.quantity(), available(line, levels)));
    }

    private static long available(Line line, Map<Sku, StockLevel> levels) {
        var level = levels.get(line.sku());
        return level == null ? 0 : level.available();
    }

    private Reply again(UUID orderId, Lines wanted) {
        return book.find(orderId)
                .map(known -> again(known, wanted))
                // The order is unknown, so it is the key that another order had.
                .orElseGet(Reply.OtherRequest::new);
    }

    private static Reply again(Reservation known, Lines wanted) {
        return switch (known.standing().on(new Report.Wanted(wanted))) {
            case Decision.AsBefore _ ->
                    known.standing() instanceof Standing.Refused(var _, var shortage)
                            ? new Reply.OutOfStock(shortage, true)
                            : new Reply.Held(known, true);
            case Decision.Gone(var status) -> new Reply.Gone(status);
            case Decision.OtherLines _ -> new Reply.OtherRequest();
            case Decision.Hold _,
                    Decision.Move _,
                    Decision.Mark _,
                    Decision.TooLate _,
                    Decision.OutOfTurn _ ->
                    throw new IllegalStateException("a known order is not reserved anew");
        };
    }

    /// Lets go of what an order holds, if it holds anything, and refuses it from now on.
    public ReleaseReply release(UUID orderId, IdempotencyKey key) {
        ReleaseReply reply;
        try {
            reply = inTransaction(_ -> letGo(orderId, key));
        } catch (DuplicateKeyException anotherOrdersKey) {
            return new ReleaseReply.OtherRequest();
        }
        if (reply instanceof ReleaseReply.Released(var stockReturned) && stockReturned) {
            count(Status.RELEASED);
        }
        return reply;
    }

    private ReleaseReply letGo(UUID orderId, IdempotencyKey key) {
        var known = book.lock(orderId);
        if (known.isEmpty()) {
            if (book.tombstone(orderId, key)) {
                return new ReleaseReply.Released(false);
            }
            // It was reserved at this very moment, or the key is another order's.
            known = book.lock(orderId);
        }
        return known.map(reservation -> letGo(reservation, key))
                .orElseGet(ReleaseReply.OtherRequest::new);
    }

    private ReleaseReply letGo(Reservation known, IdempotencyKey key) {
        var orderId = known.orderId();
        return switch (known.standing().on(new Report.LetGo())) {
            case Decision.Move(var lines, var movement, var _) -> {
                book.release(orderId, key);
                shelf.lock(lines);
                shelf.move(movement, orderId, lines);
                yield new ReleaseReply.Released(true);
            }
            case Decision.Mark _ -> {
                book.release(orderId, key);
                yield new ReleaseReply.Released(false);
            }
            case Decision.AsBefore _ -> new ReleaseReply.Released(false);
            case Decision.TooLate _ -> new ReleaseReply.TooLate();
            case Decision.Hold _, Decision.Gone _, Decision.OtherLines _, Decision.OutOfTurn _ ->
                    throw new IllegalStateException("a release leads to no such thing");
        };
    }

    /// Takes what an order held off the books, because it has left the house.
    ///
    /// @param eventId the publisher's id of the fact; handled once
    public Settled settle(String eventId, UUID orderId, Lines shipped) {
        var settled =
                inTransaction(
                        transaction -> {
                            if (!inbox.recordIfNew(SETTLEMENTS, eventId)) {
                                return new Settled.Known();
                            }
                            var result = settle(orderId, shipped);
                            if (result instanceof Settled.OutOfTurn) {
                                // Not handled: once a person has put things right, it may come
                                // again.
                                transaction.setRollbackOnly();
                            }
                            return result;
                        });
        if (settled instanceof Settled.Done) {
            count(Status.FULFILLED);
        }
        return settled;
    }

    private Settled settle(UUID orderId, Lines shipped) {
        var standing =
                book.lock(orderId).map(Reservation::standing).orElseGet(Standing.Unheard::new);
        return switch (standing.on(new Report.Shipped(shipped))) {
            case Decision.Move(var lines, var movement, var status) -> {
                book.become(orderId, status);
                shelf.lock(lines);
                shelf.move(movement, orderId, lines);
                yield new Settled.Done();
            }
            case Decision.AsBefore _ -> new Settled.Known();
            case Decision.OutOfTurn(var why) -> new Settled.OutOfTurn(why);
            case Decision.Hold _,
                    Decision.Mark _,
                    Decision.Gone _,
                    Decision.OtherLines _,
                    Decision.TooLate _ ->
                    throw new IllegalStateException("a shipment leads to no such thing");
        };
    }

    /// Gives back what an order holds, after order-service said that the order is over without
    /// a shipment.
    ///
    /// @return whether it held anything
    boolean expire(UUID orderId) {
        boolean expired =
                inTransaction(_ -> book.lock(orderId).map(this::giveBackOverdue).orElse(false));
        if (expired) {
            count(Status.EXPIRED);
        }
        return expired;
    }

    private boolean giveBackOverdue(Reservation known) {
        if (known.standing().on(new Report.Overdue())
                instanceof Decision.Move(var lines, var movement, var status)) {
            book.become(known.orderId(), status);
            shelf.lock(lines);
            shelf.move(movement, known.orderId(), lines);
            return true;
        }
        return false;
    }

    /// What is known of an order.
    public Optional<Reservation> find(UUID orderId) {
        return inTransaction(_ -> book.find(orderId));
    }

    /// What is known of orders; one that nothing was heard of is missing.
    public List<Reservation> find(Collection<UUID> orderIds) {
        return inTransaction(_ -> book.find(orderIds));
    }

    private void count(Status status) {
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
