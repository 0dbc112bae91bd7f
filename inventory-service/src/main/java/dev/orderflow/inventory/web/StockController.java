package dev.orderflow.inventory.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.contracts.value.Quantity;
import dev.orderflow.contracts.value.Sku;
import dev.orderflow.defaults.idempotency.IdempotencyKey;
import dev.orderflow.defaults.idempotency.IdempotentBody;
import dev.orderflow.defaults.idempotency.IdempotentRequests;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.inventory.domain.Line;
import dev.orderflow.inventory.domain.Movement;
import dev.orderflow.inventory.stock.Books;
import dev.orderflow.inventory.stock.Shelf;
import dev.orderflow.inventory.stock.StockLevel;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
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

/// What there is, what became of it, and what comes in.
@RestController
@RequestMapping("/internal/stock")
class StockController {

    private static final int PAGE = 200;

    private final Books books;
    private final Shelf shelf;
    private final IdempotentRequests requests;

    StockController(Books books, Shelf shelf, IdempotentRequests requests) {
        this.books = books;
        this.shelf = shelf;
        this.requests = requests;
    }

    record Level(String sku, long onHand, long reserved, long available) {

        static Level of(StockLevel level) {
            return new Level(
                    level.sku().value(), level.onHand(), level.reserved(), level.available());
        }
    }

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Levels(List<Level> stock, Optional<String> next) {}

    record Article(String sku, long onHand, long reserved, long available, Sums ledger) {

        record Sums(
                long entries,
                long received,
                long shipped,
                long onHand,
                long reserved,
                boolean addsUp) {}

        static Article of(Books.Balance balance) {
            var level = balance.level();
            return new Article(
                    level.sku().value(),
                    level.onHand(),
                    level.reserved(),
                    level.available(),
                    new Sums(
                            balance.entries(),
                            balance.received(),
                            balance.shipped(),
                            balance.onHand(),
                            balance.reserved(),
                            balance.addsUp()));
        }
    }

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Ledger(String sku, List<Entry> entries, Optional<Long> next) {

        @JsonInclude(JsonInclude.Include.NON_ABSENT)
        record Entry(
                long entry,
                Movement kind,
                long onHandChange,
                long reservedChange,
                long onHandAfter,
                long reservedAfter,
                Optional<UUID> orderId,
                Optional<String> reference,
                Instant bookedAt) {

            static Entry of(Books.Entry entry) {
                return new Entry(
                        entry.number(),
                        entry.kind(),
                        entry.onHandChange(),
                        entry.reservedChange(),
                        entry.onHandAfter(),
                        entry.reservedAfter(),
                        entry.orderId(),
                        entry.reference(),
                        entry.bookedAt());
            }
        }
    }

    /// Goods that came in.
    ///
    /// @param reference why, for the ledger: a delivery note, a count
    record Receipt(int quantity, String reference) {

        Receipt {
            Quantity.requireWithin(quantity, Line.MOST);
            if (!reference.matches("[\\x20-\\x7E]{1,100}") || reference.isBlank()) {
                throw new InvalidValueException("reference", "must be 1 to 100 ASCII characters");
            }
        }
    }

    /// Articles by sku; `next` is the `after` of the next page.
    @GetMapping
    Levels levels(
            @RequestParam Optional<Sku> after,
            @RequestParam(defaultValue = "50") @Min(1) @Max(PAGE) int limit) {
        var levels = books.levels(after, limit + 1);
        var page = levels.stream().limit(limit).map(Level::of).toList();
        return new Levels(
                page, levels.size() > limit ? Optional.of(page.getLast().sku()) : Optional.empty());
    }

    /// @param heldForOrders what orders' reservations hold
    /// @param addsUp whether shelf, ledger and reservations agree
    record Audited(
            String sku,
            long onHand,
            long reserved,
            long ledgerOnHand,
            long ledgerReserved,
            long heldForOrders,
            boolean addsUp) {

        static Audited of(Books.Audit audit) {
            var balance = audit.balance();
            return new Audited(
                    balance.level().sku().value(),
                    balance.level().onHand(),
                    balance.level().reserved(),
                    balance.onHand(),
                    balance.reserved(),
                    audit.heldForOrders(),
                    audit.addsUp());
        }
    }

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record AuditedBooks(List<Audited> books, Optional<String> next) {}

    /// Articles by sku, each with all that must agree; `next` is the `after` of the next page.
    @GetMapping("/books")
    AuditedBooks books(
            @RequestParam Optional<Sku> after,
            @RequestParam(defaultValue = "50") @Min(1) @Max(PAGE) int limit) {
        var audits = books.audit(after, limit + 1);
        var page = audits.stream().limit(limit).map(Audited::of).toList();
        return new AuditedBooks(
                page, audits.size() > limit ? Optional.of(page.getLast().sku()) : Optional.empty());
    }

    @GetMapping("/{sku}")
    Article article(@PathVariable Sku sku) {
        return books.balance(sku).map(Article::of).orElseThrow(() -> notFound(sku));
    }

    /// Entries of an article, newest first; `next` is the `before` of the next page.
    @GetMapping("/{sku}/ledger")
    Ledger ledger(
            @PathVariable Sku sku,
            @RequestParam(defaultValue = "" + Long.MAX_VALUE) @Min(0) long before,
            @RequestParam(defaultValue = "50") @Min(1) @Max(PAGE) int limit) {
        var entries = books.ledger(sku, before, limit + 1);
        if (entries.isEmpty() && books.balance(sku).isEmpty()) {
            throw notFound(sku);
        }
        var page = entries.stream().limit(limit).map(Ledger.Entry::of).toList();
        return new Ledger(
                sku.value(),
                page,
                entries.size() > limit ? Optional.of(page.getLast().entry()) : Optional.empty());
    }

    @PostMapping("/{sku}/receipts")
    ResponseEntity<byte[]> receive(
            @PathVariable Sku sku,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
            @RequestBody IdempotentBody<Receipt> body) {
        return requests.executeOnce(
                "receipt of " + sku,
                IdempotencyKey.required(key),
                body,
                receipt ->
                        ResponseEntity.status(HttpStatus.CREATED)
                                .body(
                                        Level.of(
                                                shelf.receive(
                                                        sku,
                                                        receipt.quantity(),
                                                        receipt.reference()))));
    }

    private static Problem notFound(Sku sku) {
        return Problem.of(HttpStatus.NOT_FOUND, "sku-not-found", "Article not found")
                .with("sku", sku.value());
    }
}
