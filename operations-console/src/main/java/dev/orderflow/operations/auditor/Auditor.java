package dev.orderflow.operations.auditor;

import dev.orderflow.operations.auditor.Evidence.OfOrder;
import dev.orderflow.operations.auditor.Evidence.Order;
import dev.orderflow.operations.auditor.Witnesses.NoSuchOrderException;
import dev.orderflow.operations.auditor.Witnesses.NoWordException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/// Asks, compares, and writes down what does not hold.
@Component
class Auditor {

    private static final Logger log = LoggerFactory.getLogger(Auditor.class);

    /// So that a backlog does not keep the books and the suspects from being looked at.
    private static final int PAGES = 20;

    private final Witnesses witnesses;
    private final Findings findings;
    private final Progress progress;
    private final AuditMeters meters;
    private final TransactionOperations transactions;
    private final AuditorProperties properties;
    private final UUID self = UUID.randomUUID();

    Auditor(
            Witnesses witnesses,
            Findings findings,
            Progress progress,
            AuditMeters meters,
            TransactionOperations transactions,
            AuditorProperties properties) {
        this.witnesses = witnesses;
        this.findings = findings;
        this.progress = progress;
        this.meters = meters;
        this.transactions = transactions;
        this.properties = properties;
    }

    /// @param checked how often each invariant had something to say
    /// @param violations what does not hold at this moment, whether or not its grace is over
    record Report(
            int orders, int articles, Map<Invariant, Integer> checked, List<Violation> violations) {

        Report {
            checked = Map.copyOf(checked);
            violations = List.copyOf(violations);
        }
    }

    record Violation(Invariant invariant, String subject, String detail) {}

    /// Looks at what changed, at what is due to be looked at again, and at the books; unless
    /// another instance is at it.
    void round() {
        var cursor = progress.lease(self, properties.lease());
        if (cursor.isEmpty()) {
            return;
        }
        try {
            readChanges(cursor.get());
            lookAgain();
            var books = new Tally();
            witnesses.books().forEach(article -> judge(article, books));
            readGatewayChanges();
        } catch (NoWordException silence) {
            log.warn("the audit waits: {}", silence.toString());
        } finally {
            progress.release(self);
        }
    }

    private void readChanges(String cursor) {
        var after = cursor;
        for (int page = 0; page < PAGES; page++) {
            var changes = witnesses.changes(after, properties.batch());
            var evidence = witnesses.about(latest(changes.orders()));
            boolean all = changes.orders().size() < properties.batch();
            transactions.executeWithoutResult(
                    _ -> {
                        evidence.forEach(order -> judge(order, new Tally(), properties.grace()));
                        progress.read(self, changes.next(), all);
                    });
            meters.checked(evidence.size());
            after = changes.next();
            if (all || progress.lease(self, properties.lease()).isEmpty()) {
                return;
            }
        }
    }

    /// A refund or a cancellation in the gateway's own dashboard changes no order, so it is looked
    /// for there. The orders are looked at when the grace is over, since the gateway's search may
    /// lag behind.
    private void readGatewayChanges() {
        var after = progress.gatewayCursor();
        for (int page = 0; page < PAGES; page++) {
            var found = witnesses.gatewayChanges(after, properties.batch());
            if (found.isEmpty()) {
                log.warn("the gateway no longer remembers its changes; comparing every order");
                progress.beginAnew(self);
                return;
            }
            var changes = found.get();
            transactions.executeWithoutResult(
                    _ -> {
                        changes.orders()
                                .forEach(order -> progress.lookAgain(order, properties.grace()));
                        progress.readGateway(self, changes.next());
                    });
            after = changes.next();
            if (changes.all() || progress.lease(self, properties.lease()).isEmpty()) {
                return;
            }
        }
    }

    /// An order may have changed twice on a page; what counts is how it is now.
    private static List<Order> latest(List<Order> orders) {
        var latest = new LinkedHashMap<UUID, Order>();
        orders.forEach(order -> latest.put(order.id(), order));
        return List.copyOf(latest.values());
    }

    private void lookAgain() {
        var orders = new ArrayList<Order>();
        for (var id : progress.due(properties.batch())) {
            try {
                orders.add(witnesses.order(id));
            } catch (NoSuchOrderException unknown) {
                log.warn("order {} is charged at the gateway and unknown to order-service", id);
                progress.lookedAgain(id);
            } catch (NoWordException silence) {
                // Put behind the others, so that one that is never found does not block them.
                progress.lookAgain(id, properties.grace());
                log.warn("order {} cannot be looked at again: {}", id, silence.toString());
                break;
            }
        }
        var evidence = witnesses.about(orders);
        transactions.executeWithoutResult(
                _ ->
                        evidence.forEach(
                                order -> {
                                    progress.lookedAgain(order.order().id());
                                    judge(order, new Tally(), Duration.ZERO);
                                }));
        meters.checked(evidence.size());
    }

    /// Audits every order there is, and all books.
    Report everything() {
        var tally = new Tally();
        int orders = 0;
        var after = "";
        while (true) {
            var changes = witnesses.changes(after, properties.batch());
            var evidence = witnesses.about(latest(changes.orders()));
            evidence.forEach(order -> judge(order, tally, Duration.ZERO));
            orders += evidence.size();
            if (changes.orders().size() < properties.batch() || changes.next().equals(after)) {
                break;
            }
            after = changes.next();
        }
        var books = witnesses.books();
        books.forEach(article -> judge(article, tally));
        meters.checked(orders);
        return tally.report(orders, books.size());
    }

    /// Audits one order.
    Report one(UUID orderId) {
        var tally = new Tally();
        witnesses
                .about(List.of(witnesses.order(orderId)))
                .forEach(order -> judge(order, tally, Duration.ZERO));
        meters.checked(1);
        return tally.report(1, 0);
    }

    /// @param again when to look at it again although it looks right; zero for never
    private void judge(OfOrder order, Tally tally, Duration again) {
        if (!judge(order, tally)) {
            progress.lookAgain(order.order().id(), properties.every());
        } else if (again.isPositive()) {
            progress.lookAgain(order.order().id(), again);
        }
    }

    /// @return whether all holds
    private boolean judge(Evidence evidence, Tally tally) {
        boolean fine = true;
        for (var invariant : Invariant.values()) {
            var verdict = invariant.check(evidence);
            tally.add(invariant, evidence, verdict);
            switch (verdict) {
                case Verdict.Broken(var detail) -> {
                    findings.broken(invariant, evidence.subject(), detail);
                    fine = false;
                }
                case Verdict.Holds _, Verdict.NotConcerned _ ->
                        findings.fine(invariant, evidence.subject());
            }
        }
        return fine;
    }

    private static final class Tally {

        private final Map<Invariant, Integer> checked = new EnumMap<>(Invariant.class);
        private final List<Violation> violations = new ArrayList<>();

        Tally() {
            for (var invariant : Invariant.values()) {
                checked.put(invariant, 0);
            }
        }

        void add(Invariant invariant, Evidence evidence, Verdict verdict) {
            if (verdict instanceof Verdict.NotConcerned) {
                return;
            }
            checked.merge(invariant, 1, Integer::sum);
            if (verdict instanceof Verdict.Broken(var detail)) {
                violations.add(new Violation(invariant, evidence.subject(), detail));
            }
        }

        Report report(int orders, int articles) {
            return new Report(orders, articles, checked, violations);
        }
    }
}
