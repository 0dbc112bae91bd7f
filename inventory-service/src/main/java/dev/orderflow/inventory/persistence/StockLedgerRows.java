package dev.orderflow.inventory.persistence;

import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.repository.Repository;

/// The table `stock_ledger`, for reading.
interface StockLedgerRows extends Repository<StockLedgerRow, Long> {

    List<StockLedgerRow> findBySkuAndEntryLessThanOrderByEntryDesc(
            String sku, long before, Limit limit);
}
