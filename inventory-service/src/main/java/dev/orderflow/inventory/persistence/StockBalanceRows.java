package dev.orderflow.inventory.persistence;

import java.util.Optional;
import org.springframework.data.repository.Repository;

/// The view `stock_balance`.
interface StockBalanceRows extends Repository<StockBalanceRow, String> {

    Optional<StockBalanceRow> findBySku(String sku);
}
