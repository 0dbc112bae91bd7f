package dev.orderflow.inventory.persistence;

import dev.orderflow.inventory.domain.Sku;
import dev.orderflow.inventory.stock.Books;
import dev.orderflow.inventory.stock.StockLevel;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/// Reads stock and ledger by Spring Data JPA.
@Repository
@Transactional(readOnly = true)
class JpaBooks implements Books {

    private final StockRows stock;
    private final BalanceRows balances;
    private final EntryRows entries;

    JpaBooks(StockRows stock, BalanceRows balances, EntryRows entries) {
        this.stock = stock;
        this.balances = balances;
        this.entries = entries;
    }

    @Override
    public Optional<Balance> balance(Sku sku) {
        return balances.findBySku(sku.value()).map(BalanceRow::balance);
    }

    @Override
    public List<StockLevel> levels(Optional<Sku> after, int most) {
        return stock
                .findBySkuGreaterThanOrderBySku(after.map(Sku::value).orElse(""), Limit.of(most))
                .stream()
                .map(StockRow::level)
                .toList();
    }

    @Override
    public List<Entry> ledger(Sku sku, long before, int most) {
        return entries
                .findBySkuAndEntryLessThanOrderByEntryDesc(sku.value(), before, Limit.of(most))
                .stream()
                .map(EntryRow::entry)
                .toList();
    }
}
