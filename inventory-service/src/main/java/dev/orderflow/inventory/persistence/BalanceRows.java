package dev.orderflow.inventory.persistence;

import java.util.Optional;
import org.springframework.data.repository.Repository;

/// The view `stock_books`.
interface BalanceRows extends Repository<BalanceRow, String> {

    Optional<BalanceRow> findBySku(String sku);
}
