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

/// Reads what each service records about an order, evaluates the invariants, and stores violations.
@Component
class Auditor {

    private static final Logger log = LoggerFactory.getLogger(Auditor.class);

    /// Limits a round, so that a backlog of changes does not delay the rechecks and the stock
    /// balances.
    private static final int PAGES = 20;

    private final ServiceClients services;
    private final ViolationLog violations;
    private final AuditCursor progress;
    private final AuditMeters meters;
    private final TransactionOperations transactions;
    private final AuditorProperties properties;
    private final UUID self = UUID.randomUUID();

    Auditor(
            ServiceClients services,
            ViolationLog violations,
            AuditCursor progress,
            AuditMeters meters,
            TransactionOperations transactions,
            AuditorProperties properties) {
        this.services = services;
        this.violations = violations;
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

    /// Evaluates changed orders, due rechecks and the stock balances. Does nothing while another
    /// instance holds the lease.
    void runOnce() {
        var cursor = progress.lease(self, properties.lease());
        if (cursor.isEmpty()) {
            return;
        }
        try {
            readChanges(cursor.get());
            recheck();
            var balances = new AuditTally();
            services.articleBalances().forEach(article -> evaluate(article, balances));
            readGatewayChanges();
        } catch (ServiceUnavailableException unavailable) {
            log.warn(
                    "audit round ended early, retrying in the next round: {}",
                    unavailable.toString());
        } finally {
            progress.release(self);
        }
    }

    private void readChanges(String cursor) {
        var after = cursor;
        for (int page = 0; page < PAGES; page++) {
            var changes = services.changes(after, properties.batch());
            var records = services.recordsOf(latest(changes.orders()));
            boolean all = changes.orders().size() < properties.batch();
            transactions.executeWithoutResult(
                    _ -> {
                        records.forEach(
                                order -> evaluate(order, new AuditTally(), properties.grace()));
                        progress.advance(self, changes.next(), all);
                    });
            meters.checked(records.size());
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
            var found = services.gatewayChanges(after, properties.batch());
            if (found.isEmpty()) {
                log.warn(
                        "the payment gateway no longer lists changes since the cursor; rechecking every order");
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
                orders.add(services.order(id));
            } catch (UnknownOrderException unknown) {
                log.warn(
                        "order {} has a charge at the payment gateway, but order-service does not know it",
                        id);
                progress.completeRecheck(id);
            } catch (ServiceUnavailableException unavailable) {
                // Put behind the others, so that one that is never found does not block them.
                progress.scheduleRecheck(id, properties.grace());
                log.warn(
                        "order {} could not be rechecked, retrying later: {}",
                        id,
                        unavailable.toString());
                break;
            }
        }
        var records = services.recordsOf(orders);
        transactions.executeWithoutResult(
                _ ->
                        records.forEach(
                                order -> {
                                    progress.completeRecheck(order.order().id());
                                    evaluate(order, new AuditTally(), Duration.ZERO);
                                }));
        meters.checked(records.size());
    }

    /// Audits every order and every stock balance.
    AuditReport auditAll() {
        var tally = new AuditTally();
        int orders = 0;
        var after = "";
        while (true) {
            var changes = services.changes(after, properties.batch());
            var records = services.recordsOf(latest(changes.orders()));
            records.forEach(order -> evaluate(order, tally, Duration.ZERO));
            orders += records.size();
            if (changes.orders().size() < properties.batch() || changes.next().equals(after)) {
                break;
            }
            after = changes.next();
        }
        var balances = services.articleBalances();
        balances.forEach(article -> evaluate(article, tally));
        meters.checked(orders);
        return tally.report(orders, balances.size());
    }

    /// Audits one order.
    AuditReport auditOrder(UUID orderId) {
        var tally = new AuditTally();
        services.recordsOf(List.of(services.order(orderId)))
                .forEach(order -> evaluate(order, tally, Duration.ZERO));
        meters.checked(1);
        return tally.report(1, 0);
    }

    /// @param again when to recheck an order without violations; zero for never
    private void evaluate(OrderRecords order, AuditTally tally, Duration again) {
        if (!evaluate(order, tally)) {
            progress.scheduleRecheck(order.order().id(), properties.every());
        } else if (again.isPositive()) {
            progress.scheduleRecheck(order.order().id(), again);
        }
    }

    /// @return whether every invariant holds
    private boolean evaluate(AuditSnapshot records, AuditTally tally) {
        boolean fine = true;
        for (var invariant : Invariant.values()) {
            var result = invariant.check(records);
            tally.add(invariant, records, result);
            switch (result) {
                case InvariantResult.Violated(var detail) -> {
                    violations.recordViolation(invariant, records.subject(), detail);
                    fine = false;
                }
                case InvariantResult.Satisfied _, InvariantResult.NotApplicable _ ->
                        violations.clearViolation(invariant, records.subject());
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

        void add(Invariant invariant, AuditSnapshot records, InvariantResult result) {
            if (result instanceof InvariantResult.NotApplicable) {
                return;
            }
            checked.merge(invariant, 1, Integer::sum);
            if (result instanceof InvariantResult.Violated(var detail)) {
                violations.add(new Violation(invariant, records.subject(), detail));
            }
        }

        AuditReport report(int orders, int articles) {
            return new AuditReport(orders, articles, checked, violations);
        }
    }
}
