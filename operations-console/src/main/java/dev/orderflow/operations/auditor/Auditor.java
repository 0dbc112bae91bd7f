package dev.orderflow.operations.auditor;

import dev.orderflow.operations.auditor.AuditSnapshot.OrderRecord;
import dev.orderflow.operations.auditor.AuditSnapshot.OrderRecords;
import dev.orderflow.operations.auditor.ServiceClients.ServiceUnavailableException;
import dev.orderflow.operations.auditor.ServiceClients.UnknownOrderException;
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

    private final ServiceClients witnesses;
    private final ViolationLog findings;
    private final AuditCursor progress;
    private final AuditMeters meters;
    private final TransactionOperations transactions;
    private final AuditorProperties properties;
    private final UUID self = UUID.randomUUID();

    Auditor(
            ServiceClients witnesses,
            ViolationLog findings,
            AuditCursor progress,
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
    record AuditReport(
            int orders, int articles, Map<Invariant, Integer> checked, List<Violation> violations) {

        AuditReport {
            checked = Map.copyOf(checked);
            violations = List.copyOf(violations);
        }
    }

    record Violation(Invariant invariant, String subject, String detail) {}

    /// Looks at what changed, at what is due to be looked at again, and at the books; unless
    /// another instance is at it.
    void runOnce() {
        var cursor = progress.lease(self, properties.lease());
        if (cursor.isEmpty()) {
            return;
        }
        try {
            readChanges(cursor.get());
            recheck();
            var books = new AuditTally();
            witnesses.articleBalances().forEach(article -> evaluate(article, books));
            readGatewayChanges();
        } catch (ServiceUnavailableException silence) {
            log.warn("the audit waits: {}", silence.toString());
        } finally {
            progress.release(self);
        }
    }

    private void readChanges(String cursor) {
        var after = cursor;
        for (int page = 0; page < PAGES; page++) {
            var changes = witnesses.changes(after, properties.batch());
            var evidence = witnesses.recordsOf(latest(changes.orders()));
            boolean all = changes.orders().size() < properties.batch();
            transactions.executeWithoutResult(
                    _ -> {
                        evidence.forEach(
                                order -> evaluate(order, new AuditTally(), properties.grace()));
                        progress.advance(self, changes.next(), all);
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
                progress.restart(self);
                return;
            }
            var changes = found.get();
            transactions.executeWithoutResult(
                    _ -> {
                        changes.orders()
                                .forEach(
                                        order ->
                                                progress.scheduleRecheck(
                                                        order, properties.grace()));
                        progress.advanceGatewayCursor(self, changes.next());
                    });
            after = changes.next();
            if (changes.all() || progress.lease(self, properties.lease()).isEmpty()) {
                return;
            }
        }
    }

    /// An order may have changed twice on a page; what counts is how it is now.
    private static List<OrderRecord> latest(List<OrderRecord> orders) {
        var latest = new LinkedHashMap<UUID, OrderRecord>();
        orders.forEach(order -> latest.put(order.id(), order));
        return List.copyOf(latest.values());
    }

    private void recheck() {
        var orders = new ArrayList<OrderRecord>();
        for (var id : progress.dueRechecks(properties.batch())) {
            try {
                orders.add(witnesses.order(id));
            } catch (UnknownOrderException unknown) {
                log.warn("order {} is charged at the gateway and unknown to order-service", id);
                progress.completeRecheck(id);
            } catch (ServiceUnavailableException silence) {
                // Put behind the others, so that one that is never found does not block them.
                progress.scheduleRecheck(id, properties.grace());
                log.warn("order {} cannot be looked at again: {}", id, silence.toString());
                break;
            }
        }
        var evidence = witnesses.recordsOf(orders);
        transactions.executeWithoutResult(
                _ ->
                        evidence.forEach(
                                order -> {
                                    progress.completeRecheck(order.order().id());
                                    evaluate(order, new AuditTally(), Duration.ZERO);
                                }));
        meters.checked(evidence.size());
    }

    /// Audits every order there is, and all books.
    AuditReport auditAll() {
        var tally = new AuditTally();
        int orders = 0;
        var after = "";
        while (true) {
            var changes = witnesses.changes(after, properties.batch());
            var evidence = witnesses.recordsOf(latest(changes.orders()));
            evidence.forEach(order -> evaluate(order, tally, Duration.ZERO));
            orders += evidence.size();
            if (changes.orders().size() < properties.batch() || changes.next().equals(after)) {
                break;
            }
            after = changes.next();
        }
        var books = witnesses.articleBalances();
        books.forEach(article -> evaluate(article, tally));
        meters.checked(orders);
        return tally.report(orders, books.size());
    }

    /// Audits one order.
    AuditReport auditOrder(UUID orderId) {
        var tally = new AuditTally();
        witnesses
                .recordsOf(List.of(witnesses.order(orderId)))
                .forEach(order -> evaluate(order, tally, Duration.ZERO));
        meters.checked(1);
        return tally.report(1, 0);
    }

    /// @param again when to look at it again although it looks right; zero for never
    private void evaluate(OrderRecords order, AuditTally tally, Duration again) {
        if (!evaluate(order, tally)) {
            progress.scheduleRecheck(order.order().id(), properties.every());
        } else if (again.isPositive()) {
            progress.scheduleRecheck(order.order().id(), again);
        }
    }

    /// @return whether all holds
    private boolean evaluate(AuditSnapshot evidence, AuditTally tally) {
        boolean fine = true;
        for (var invariant : Invariant.values()) {
            var verdict = invariant.check(evidence);
            tally.add(invariant, evidence, verdict);
            switch (verdict) {
                case InvariantResult.Violated(var detail) -> {
                    findings.recordViolation(invariant, evidence.subject(), detail);
                    fine = false;
                }
                case InvariantResult.Satisfied _, InvariantResult.NotApplicable _ ->
                        findings.clearViolation(invariant, evidence.subject());
            }
        }
        return fine;
    }

    private static final class AuditTally {

        private final Map<Invariant, Integer> checked = new EnumMap<>(Invariant.class);
        private final List<Violation> violations = new ArrayList<>();

        AuditTally() {
            for (var invariant : Invariant.values()) {
                checked.put(invariant, 0);
            }
        }

        void add(Invariant invariant, AuditSnapshot evidence, InvariantResult verdict) {
            if (verdict instanceof InvariantResult.NotApplicable) {
                return;
            }
            checked.merge(invariant, 1, Integer::sum);
            if (verdict instanceof InvariantResult.Violated(var detail)) {
                violations.add(new Violation(invariant, evidence.subject(), detail));
            }
        }

        AuditReport report(int orders, int articles) {
            return new AuditReport(orders, articles, checked, violations);
        }
    }
}
