package dev.orderflow.operations.auditor;

import dev.orderflow.defaults.tracing.RedactedException;
import dev.orderflow.operations.auditor.AuditSnapshot.OrderRecord;
import dev.orderflow.operations.auditor.AuditSnapshot.OrderRecords;
import dev.orderflow.operations.auditor.AuditSnapshot.UnknownOrder;
import dev.orderflow.operations.auditor.ViolationLog.SatisfiedEntry;
import dev.orderflow.operations.auditor.ViolationLog.ViolationEntry;
import dev.orderflow.operations.services.ServiceUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/// Reads what each service records about an order, evaluates the invariants, and stores violations.
@Component
public class Auditor {

    private static final Logger log = LoggerFactory.getLogger(Auditor.class);

    /// Limits a round, so that a backlog of changes does not delay the rechecks and the stock
    /// balances.
    private static final int MAX_PAGES_PER_ROUND = 20;

    /// How many articles with a violation are read in each round; the complete audit of the stock
    /// reads the others.
    private static final int MAX_VIOLATED_ARTICLES = 50;

    private final ServiceClients services;
    private final ViolationLog violations;
    private final AuditCursor cursor;
    private final AuditMeters meters;
    private final TransactionOperations transactions;
    private final AuditorProperties properties;
    private final UUID instanceId = UUID.randomUUID();

    /// What this instance knows of the stock; belongs to the thread that runs the rounds. Empty
    /// before the first complete audit of the stock.
    private String stockReadAt = "";

    private long nextFullStockAudit = System.nanoTime();

    Auditor(
            ServiceClients services,
            ViolationLog violations,
            AuditCursor cursor,
            AuditMeters meters,
            TransactionOperations transactions,
            AuditorProperties properties) {
        this.services = services;
        this.violations = violations;
        this.cursor = cursor;
        this.meters = meters;
        this.transactions = transactions;
        this.properties = properties;
    }

    /// The result of an audit.
    ///
    /// @param checked how many orders or articles each invariant applied to
    /// @param violations all violations at this moment, including those within the grace period
    public record AuditReport(
            int orders, int articles, Map<Invariant, Integer> checked, List<Violation> violations) {

        public AuditReport {
            checked = Map.copyOf(checked);
            violations = List.copyOf(violations);
        }
    }

    /// @param subject an order id or an article's SKU
    /// @param detail what the services recorded instead
    public record Violation(Invariant invariant, String subject, String detail) {}

    /// Evaluates changed orders, due rechecks and changed stock balances, and reads the changes at
    /// the gateway. A part that fails is retried in the next round and does not prevent the others.
    /// Does nothing while another instance holds the lease.
    void runOnce() {
        var ordersCursor = cursor.acquireOrRenewLease(instanceId, properties.lease());
        if (ordersCursor.isEmpty()) {
            return;
        }
        try {
            runPart(AuditPart.CHANGED_ORDERS, () -> readChanges(ordersCursor.get()));
            runPart(AuditPart.DUE_RECHECKS, this::recheckDue);
            runPart(AuditPart.GATEWAY_CHANGES, this::readGatewayChanges);
            runPart(AuditPart.STOCK, this::auditStock);
        } finally {
            cursor.releaseLease(instanceId);
        }
    }

    /// Renews the lease first, because time-outs of the parts before may have taken most of it.
    ///
    /// @param work returns whether nothing is left for the next round
    private void runPart(AuditPart part, BooleanSupplier work) {
        if (hasLostLease()) {
            return;
        }
        try {
            if (work.getAsBoolean()) {
                cursor.recordCompletion(part);
            }
        } catch (ServiceUnavailableException failure) {
            log.warn(
                    "audit of {} failed, retrying in the next round: {}",
                    part,
                    failure.getMessage());
        } catch (RuntimeException unexpected) {
            log.error(
                    "audit of {} failed, retrying in the next round",
                    part,
                    RedactedException.of(unexpected));
        }
    }

    private boolean readChanges(String ordersCursor) {
        var after = ordersCursor;
        for (int page = 0; page < MAX_PAGES_PER_ROUND; page++) {
            var changes = services.changes(after, properties.batchSize());
            var records = services.recordsOf(latest(changes.orders()));
            boolean complete = changes.orders().size() < properties.batchSize();
            transactions.executeWithoutResult(
                    _ -> {
                        evaluateOrders(records, new AuditTally(), properties.gracePeriod());
                        cursor.advance(instanceId, changes.next());
                    });
            meters.recordChecked(records.size());
            after = changes.next();
            if (complete || hasLostLease()) {
                return complete;
            }
        }
        return false;
    }

    private boolean hasLostLease() {
        return cursor.acquireOrRenewLease(instanceId, properties.lease()).isEmpty();
    }

    /// A refund or a cancellation in the gateway's dashboard changes no order, so the gateway's own
    /// changes are read, too. Their orders are rechecked after the grace period, because the
    /// gateway's search may lag.
    private boolean readGatewayChanges() {
        var after = cursor.gatewayCursor();
        for (int page = 0; page < MAX_PAGES_PER_ROUND; page++) {
            var found = services.gatewayChanges(after, properties.batchSize());
            if (found.isEmpty()) {
                log.warn(
                        "the payment gateway no longer lists changes since the cursor; rechecking every order");
                cursor.reset(instanceId);
                return false;
            }
            var changes = found.get();
            transactions.executeWithoutResult(
                    _ -> {
                        cursor.scheduleRechecks(changes.orders(), properties.gracePeriod());
                        cursor.advanceGatewayCursor(instanceId, changes.next());
                    });
            after = changes.next();
            if (changes.complete() || hasLostLease()) {
                return changes.complete();
            }
        }
        return false;
    }

    /// An order may have changed twice on a page; only its latest state counts.
    private static List<OrderRecord> latest(List<OrderRecord> orders) {
        var latest = new LinkedHashMap<UUID, OrderRecord>();
        orders.forEach(order -> latest.put(order.id(), order));
        return List.copyOf(latest.values());
    }

    private boolean recheckDue() {
        for (int page = 0; page < MAX_PAGES_PER_ROUND; page++) {
            var due = cursor.dueRechecks(properties.batchSize());
            recheck(due);
            boolean complete = due.size() < properties.batchSize();
            if (complete || hasLostLease()) {
                return complete;
            }
        }
        return false;
    }

    private void recheck(List<UUID> due) {
        var records = services.recordsOf(services.findOrders(due));
        var missing = new LinkedHashSet<>(due);
        records.forEach(order -> missing.remove(order.order().id()));
        var unknown = services.chargesOf(List.copyOf(missing));
        transactions.executeWithoutResult(
                _ -> {
                    cursor.completeRechecks(due);
                    evaluateOrders(records, new AuditTally(), Duration.ZERO);
                    evaluateUnknown(unknown, new AuditTally());
                });
        meters.recordChecked(records.size());
    }

    /// Audits every order and every stock balance.
    ///
    /// @throws ServiceUnavailableException when a service does not respond
    public AuditReport auditAll() {
        var tally = new AuditTally();
        int orders = 0;
        var after = "";
        while (true) {
            var changes = services.changes(after, properties.batchSize());
            var records = services.recordsOf(latest(changes.orders()));
            evaluateOrders(records, tally, Duration.ZERO);
            orders += records.size();
            if (changes.orders().size() < properties.batchSize() || changes.next().equals(after)) {
                break;
            }
            after = changes.next();
        }
        var unknown = services.chargesOf(findUnknown());
        evaluateUnknown(unknown, tally);
        orders += unknown.size();
        var balances = services.articleBalances().articles();
        evaluateAll(balances, tally);
        meters.recordChecked(orders);
        return tally.report(orders, balances.size());
    }

    /// The orders with a charge that order-service did not know. It may know them again.
    private List<UUID> findUnknown() {
        var ids =
                violations
                        .findUncleared(
                                List.of(Invariant.CHARGED_ORDER_KNOWN), properties.batchSize())
                        .stream()
                        .map(UUID::fromString)
                        .toList();
        var known = services.findOrders(ids).stream().map(OrderRecord::id).toList();
        return ids.stream().filter(id -> !known.contains(id)).toList();
    }

    /// Audits one order.
    ///
    /// @return empty when neither order-service nor the payment gateway knows the order
    /// @throws ServiceUnavailableException when a service does not respond
    public Optional<AuditReport> auditOrder(UUID orderId) {
        var ids = List.of(orderId);
        var records = services.recordsOf(services.findOrders(ids));
        var tally = new AuditTally();
        if (records.isEmpty()) {
            var unknown = services.chargesOf(ids);
            evaluateUnknown(unknown, tally);
            if (unknown.stream().allMatch(order -> order.charges().isEmpty())) {
                return Optional.empty();
            }
        } else {
            evaluateOrders(records, tally, Duration.ZERO);
        }
        meters.recordChecked(1);
        return Optional.of(tally.report(1, 0));
    }

    /// Compares the stock of the articles that changed since the last round, and of those with a
    /// violation; now and then that of all articles.
    private boolean auditStock() {
        boolean isFull = stockReadAt.isEmpty() || nextFullStockAudit - System.nanoTime() <= 0;
        var balances =
                isFull
                        ? services.articleBalances()
                        : services.changedArticleBalances(
                                stockReadAt,
                                violations.findUncleared(
                                        Invariant.ofArticles(), MAX_VIOLATED_ARTICLES));
        evaluateAll(balances.articles(), new AuditTally());
        stockReadAt = balances.readAt();
        if (isFull) {
            nextFullStockAudit = System.nanoTime() + properties.fullStockAuditInterval().toNanos();
        }
        return true;
    }

    /// @param recheckAfter when to recheck orders without violations; zero for never
    private void evaluateOrders(
            List<OrderRecords> orders, AuditTally tally, Duration recheckAfter) {
        var violating = evaluateAll(orders, tally);
        var byResult =
                orders.stream()
                        .collect(
                                Collectors.partitioningBy(
                                        violating::contains,
                                        Collectors.mapping(
                                                it -> it.order().id(), Collectors.toList())));
        cursor.scheduleRechecks(Objects.requireNonNull(byResult.get(true)), properties.interval());
        if (recheckAfter.isPositive()) {
            cursor.scheduleRechecks(Objects.requireNonNull(byResult.get(false)), recheckAfter);
        }
    }

    /// An order whose charge is not released or refunded yet is rechecked until it is, or until
    /// order-service knows it.
    private void evaluateUnknown(List<UnknownOrder> orders, AuditTally tally) {
        var violating = evaluateAll(orders, tally);
        cursor.scheduleRechecks(
                orders.stream().filter(violating::contains).map(UnknownOrder::id).toList(),
                properties.interval());
    }

    /// Evaluates all invariants and stores the results with two statements, however many there are.
    ///
    /// @return those that violate an invariant
    private Set<AuditSnapshot> evaluateAll(
            List<? extends AuditSnapshot> snapshots, AuditTally tally) {
        var found = new ArrayList<ViolationEntry>();
        var satisfied = new ArrayList<SatisfiedEntry>();
        var violating = new HashSet<AuditSnapshot>();
        for (var records : snapshots) {
            for (var invariant : Invariant.values()) {
                var result = invariant.check(records);
                tally.add(invariant, records, result);
                switch (result) {
                    case InvariantResult.Violated(var detail) -> {
                        found.add(new ViolationEntry(invariant, records.subject(), detail));
                        violating.add(records);
                    }
                    case InvariantResult.Satisfied _, InvariantResult.NotApplicable _ ->
                            satisfied.add(new SatisfiedEntry(invariant, records.subject()));
                }
            }
        }
        violations.recordViolations(found);
        violations.clearViolations(satisfied);
        return violating;
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
