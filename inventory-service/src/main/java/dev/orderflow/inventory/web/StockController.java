package dev.orderflow.inventory.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.contracts.value.Quantity;
import dev.orderflow.contracts.value.Sku;
import dev.orderflow.contracts.value.TextLine;
import dev.orderflow.defaults.idempotency.IdempotencyKey;
import dev.orderflow.defaults.idempotency.IdempotentBody;
import dev.orderflow.defaults.idempotency.IdempotentRequests;
import dev.orderflow.defaults.operators.OperatorRequest;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForMachines;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.inventory.domain.ReservationLine;
import dev.orderflow.inventory.domain.StockMovement;
import dev.orderflow.inventory.stock.StockLevel;
import dev.orderflow.inventory.stock.StockQueries;
import dev.orderflow.inventory.stock.StockRepository;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Shows stock and its ledger, and receives goods.
@RestController
@RequestMapping("/internal/stock")
class StockController {

    private static final int MAX_PAGE_SIZE = 200;

    /// An entry is recorded with the time at which its transaction began, and is visible after its
    /// commit. Transactions of the service take 10 s at most, and the database ends idle ones after
    /// a minute.
    private static final Duration LONGEST_TRANSACTION = Duration.ofMinutes(2);

    private final StockQueries queries;
    private final StockRepository stock;
    private final IdempotentRequests requests;

    StockController(StockQueries queries, StockRepository stock, IdempotentRequests requests) {
        this.queries = queries;
        this.stock = stock;
        this.requests = requests;
    }

    record StockLevelView(String sku, long onHand, long reserved, long available) {

        static StockLevelView of(StockLevel level) {
            return new StockLevelView(
                    level.sku().value(), level.onHand(), level.reserved(), level.available());
        }
    }

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record StockLevelPage(List<StockLevelView> stock, Optional<String> next) {}

    record StockBalanceView(
            String sku, long onHand, long reserved, long available, LedgerTotals ledger) {

        record LedgerTotals(
                long entries,
                long received,
                long shipped,
                long onHand,
                long reserved,
                boolean consistent) {}

        static StockBalanceView of(StockQueries.StockBalance balance) {
            var level = balance.level();
            return new StockBalanceView(
                    level.sku().value(),
                    level.onHand(),
                    level.reserved(),
                    level.available(),
                    new LedgerTotals(
                            balance.entries(),
                            balance.received(),
                            balance.shipped(),
                            balance.ledgerOnHand(),
                            balance.ledgerReserved(),
                            balance.consistent()));
        }
    }

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record StockLedgerPage(String sku, List<StockLedgerEntryView> entries, Optional<Long> next) {

        @JsonInclude(JsonInclude.Include.NON_ABSENT)
        record StockLedgerEntryView(
                long entry,
                StockMovement movement,
                long onHandChange,
                long reservedChange,
                long onHandAfter,
                long reservedAfter,
                Optional<UUID> orderId,
                Optional<String> reference,
                Instant recordedAt) {

            static StockLedgerEntryView of(StockQueries.StockLedgerEntry entry) {
                return new StockLedgerEntryView(
                        entry.number(),
                        entry.movement(),
                        entry.onHandChange(),
                        entry.reservedChange(),
                        entry.onHandAfter(),
                        entry.reservedAfter(),
                        entry.orderId(),
                        entry.reference(),
                        entry.recordedAt());
            }
        }
    }

    /// A receipt of goods.
    ///
    /// @param reference the reason, for the ledger, such as a delivery note or a count
    record StockReceiptRequest(int quantity, String reference) {

        StockReceiptRequest {
            Quantity.requireWithin(quantity, ReservationLine.MAX_QUANTITY);
            TextLine.require("reference", reference, 100);
        }
    }

    /// Lists articles sorted by SKU; `next` is the `cursor` of the next page.
    @ForMachines
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping
    StockLevelPage findLevels(
            @RequestParam Optional<Sku> cursor,
            @RequestParam(defaultValue = "50") @Min(1) @Max(MAX_PAGE_SIZE) int limit) {
        var levels = queries.findLevels(cursor, limit + 1);
        var page = levels.stream().limit(limit).map(StockLevelView::of).toList();
        return new StockLevelPage(
                page, levels.size() > limit ? Optional.of(page.getLast().sku()) : Optional.empty());
    }

    /// @param reservedForOrders the sum of what reservations reserve
    /// @param consistent whether stock, ledger and reservations are equal; false is a defect
    record StockAuditView(
            String sku,
            long onHand,
            long reserved,
            long ledgerOnHand,
            long ledgerReserved,
            long reservedForOrders,
            boolean consistent) {

        static StockAuditView of(StockQueries.StockAudit audit) {
            return new StockAuditView(
                    audit.level().sku().value(),
                    audit.level().onHand(),
                    audit.level().reserved(),
                    audit.ledgerOnHand(),
                    audit.ledgerReserved(),
                    audit.reservedForOrders(),
                    audit.isConsistent());
        }
    }

    /// @param readAt the time of the database before the articles were read, for `changedSince`
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record StockAuditPage(List<StockAuditView> articles, Instant readAt, Optional<String> next) {}

    /// Lists articles sorted by SKU, each with the values that must be equal; `next` is the
    /// `cursor` of the next page.
    ///
    /// @param changedSince only articles that changed since then, with the totals of their last
    ///     ledger entry; without it all articles, with the sums of all their entries
    /// @param sku more articles, with `changedSince`
    @ForMachines
    @GetMapping("/audit")
    StockAuditPage findAudits(
            @RequestParam Optional<Sku> cursor,
            @RequestParam Optional<Instant> changedSince,
            @RequestParam(defaultValue = "") @Size(max = MAX_PAGE_SIZE) List<Sku> sku,
            @RequestParam(defaultValue = "50") @Min(1) @Max(MAX_PAGE_SIZE) int limit) {
        var readAt = queries.now();
        var audits =
                changedSince
                        .map(
                                since ->
                                        queries.findChangedAudits(
                                                since.minus(LONGEST_TRANSACTION),
                                                sku,
                                                cursor,
                                                limit + 1))
                        .orElseGet(() -> queries.findAudits(cursor, limit + 1));
        var page = audits.stream().limit(limit).map(StockAuditView::of).toList();
        return new StockAuditPage(
                page,
                readAt,
                audits.size() > limit ? Optional.of(page.getLast().sku()) : Optional.empty());
    }

    @ForMachines
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/{sku}")
    StockBalanceView findBalance(@PathVariable Sku sku) {
        return queries.findBalance(sku).map(StockBalanceView::of).orElseThrow(() -> notFound(sku));
    }

    /// Lists the ledger entries of an article, newest first; `next` is the `cursor` of the next
    /// page.
    @ForMachines
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/{sku}/ledger")
    StockLedgerPage findLedgerEntries(
            @PathVariable Sku sku,
            @RequestParam(defaultValue = "" + Long.MAX_VALUE) @Min(0) long cursor,
            @RequestParam(defaultValue = "50") @Min(1) @Max(MAX_PAGE_SIZE) int limit) {
        var entries = queries.findLedgerEntries(sku, cursor, limit + 1);
        if (entries.isEmpty() && queries.findBalance(sku).isEmpty()) {
            throw notFound(sku);
        }
        var page =
                entries.stream()
                        .limit(limit)
                        .map(StockLedgerPage.StockLedgerEntryView::of)
                        .toList();
        return new StockLedgerPage(
                sku.value(),
                page,
                entries.size() > limit ? Optional.of(page.getLast().entry()) : Optional.empty());
    }

    @ForMachines
    @ForOperators(value = OperatorRole.OPERATOR, action = "RECEIVE_STOCK")
    @PostMapping("/{sku}/receipts")
    ResponseEntity<byte[]> receive(
            @PathVariable Sku sku,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
            @RequestBody IdempotentBody<StockReceiptRequest> body,
            OperatorRequest request) {
        // Not in the transaction, so that it is recorded even if the receipt is not.
        body.findValue()
                .ifPresent(
                        receipt ->
                                request.describe(
                                        sku.value(),
                                        receipt.reference(),
                                        "quantity " + receipt.quantity()));
        return requests.executeOnce(
                "receipt of " + sku,
                IdempotencyKey.require(key),
                body,
                receipt ->
                        ResponseEntity.status(HttpStatus.CREATED)
                                .body(
                                        StockLevelView.of(
                                                stock.receive(
                                                        sku,
                                                        receipt.quantity(),
                                                        receipt.reference()))));
    }

    private static Problem notFound(Sku sku) {
        return Problem.of(HttpStatus.NOT_FOUND, "sku-not-found", "Article not found")
                .with("sku", sku.value());
    }
}
